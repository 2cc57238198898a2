"""I8: the real Codex comes to an end, and soon, whatever the endpoint behind the gateway does."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.codex_run import run_codex
from tests.support.model_process import ModelProcess
from tests.support.scripted_endpoint import Answer, ScriptedEndpoint, cut, failure, flood, never

FAULTS: dict[str, Answer] = {
    "refused key": failure(401),
    "busy": failure(429, retry_after="0"),
    "cut": cut({"type": "response.created", "response": {"id": "r"}}),
    "never": never(),
    "flood": flood(),
}


@pytest.mark.parametrize("name", FAULTS)
def test_codex_gives_up(
    start_model: Callable[..., ModelProcess], scripted_endpoint: ScriptedEndpoint, tmp_path: Path, name: str
) -> None:
    scripted_endpoint.script(FAULTS[name])
    model = start_model(
        MODEL_BASE_URL=scripted_endpoint.base_url, MODEL_IDLE_SECONDS="0.3", MODEL_RESPONSE_BYTES=str(1 << 20)
    )
    with model.on_tcp() as base_url:
        run = run_codex(tmp_path, "Hello", base_url, model.ticket(), limit=100)
    assert run.code == 1
    assert run.events[-1]["type"] == "turn.failed"
    assert len(scripted_endpoint.received) <= 9
