"""What the worker asks the model daemon itself."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from daemons.worker.model_relay.model_queries import agent_usage, ask_scope, context_tokens
from shared.domain.errors import Unavailable
from shared.domain.manifest import Usage
from shared.domain.model_questions import ScopeQuestion
from shared.domain.vocabulary import JobKind, JobRequest, new_id
from shared.runtime.settings import WorkerSettings
from tests.support.checks_run import worker_settings
from tests.support.model_process import ModelProcess
from tests.support.scripted_endpoint import ScriptedEndpoint, message, never


def _settings(address: str, key: str) -> WorkerSettings:
    return worker_settings().model_copy(update={"model_address": address, "model_ticket_key": SecretStr(key)})


def _request() -> JobRequest:
    now = datetime.now(UTC)
    return JobRequest(id=new_id(), site="tea", kind=JobKind.EDIT, message="Hello", author="ann", created_at=now)


def test_a_job_that_asked_nothing_has_used_nothing(start_model: Callable[..., ModelProcess]) -> None:
    model = start_model()
    settings = _settings(model.address, model.ticket_key)
    used = asyncio.run(agent_usage(settings, _request(), "codex-cli 1"))
    assert (used.agent, used.usage) == ("codex-cli 1", Usage())
    assert used.model
    assert asyncio.run(context_tokens(settings)) is None


def test_without_the_model_daemon_there_is_no_answer(tmp_path: Path) -> None:
    settings = _settings(f"unix:{tmp_path}/nobody.sock", "key")
    with pytest.raises(Unavailable, match="can't be reached"):
        asyncio.run(context_tokens(settings))
    with pytest.raises(Unavailable, match="can't be reached"):
        asyncio.run(agent_usage(settings, _request(), "codex-cli 1"))


def test_no_usable_answer_is_none_and_no_error(
    start_model: Callable[..., ModelProcess], scripted_endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    """Nobody there, a daemon of the release before, nonsense, and an answer that takes too long."""
    asked = ScopeQuestion(message="Hello")
    nobody = _settings(f"unix:{tmp_path}/nobody.sock", "key")
    older = _settings(scripted_endpoint.address, "key")  # whatever is asked there, no such answer comes
    model = start_model(MODEL_BASE_URL=scripted_endpoint.base_url)
    settings = _settings(model.address, model.ticket_key)
    scripted_endpoint.answer_questions(message("Hm."), never())
    for one in (nobody, older, settings):
        assert asyncio.run(ask_scope(one, _request(), asked)) is None
    assert asyncio.run(ask_scope(settings, _request(), asked, seconds=1)) is None
