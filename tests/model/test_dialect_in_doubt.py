"""An answer that does not tell in which dialect an endpoint is spoken to decides nothing for good."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.model_process import ModelProcess
from tests.support.scripted_endpoint import Answer, Received, ScriptedEndpoint, completed, cut, events, failure, silence
from tests.support.strict_endpoints import capable, openai, serve, vllm

StartModel = Callable[..., ModelProcess]
ASK: dict[str, Any] = {
    "input": [{"type": "message", "role": "user", "content": "hello"}],
    "tools": [{"type": "custom", "name": "apply_patch"}],
}
OPENAI = serve(openai, capable, free_text=True)
_CREATED = {"type": "response.created", "response": {"id": "resp_1", "object": "response", "status": "in_progress"}}
_ENDED = completed()["response"]
UNCLEAR: dict[str, Answer] = {
    "cut": cut(_CREATED),
    "silent": silence(_CREATED),
    "failed": events(_CREATED, {"type": "response.failed", "response": _ENDED | {"status": "failed"}}),
    "incomplete": events(_CREATED, {"type": "response.incomplete", "response": _ENDED | {"status": "incomplete"}}),
    "broken": failure(500),
}


def is_trial(received: Received) -> bool:
    """Whether this is a question of our own, in OpenAI's dialect."""
    return b"two.txt" in received.body and any(tool["type"] == "custom" for tool in received.json["tools"])


class Moody:
    """An endpoint like OpenAI's whose first answers to the trial tell nothing."""

    def __init__(self, answer: Answer, times: int) -> None:
        self._answer = answer
        self.left = times

    def __call__(self, received: Received) -> Answer:
        if is_trial(received) and self.left:
            self.left -= 1
            return self._answer
        return OPENAI(received)


def start(start_model: StartModel, endpoint: ScriptedEndpoint, **settings: str) -> ModelProcess:
    usual = {"MODEL_BASE_URL": endpoint.base_url, "MODEL_DIALECT": "auto", "MODEL_IDLE_SECONDS": "0.5"}
    return start_model(**(usual | settings))


def dialect(model: ModelProcess) -> str | None:
    found: str | None = json.loads(model.get("/v1/model"))["dialect"]
    return found


def test_an_answer_that_does_not_tell_is_asked_for_once_more(
    start_model: StartModel, scripted_endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    for name, answer in UNCLEAR.items():
        scripted_endpoint.decide(Moody(answer, 1))
        model = start(start_model, scripted_endpoint, MODEL_DIRECTORY=str(tmp_path / name))
        assert model.ask(ASK).status == 200, name
        assert dialect(model) == "responses", name
        model.stop()


def test_what_stays_unclear_is_not_remembered(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> None:
    """The job is done with functions, which every endpoint takes; the next one finds out."""
    endpoint = Moody(UNCLEAR["failed"], 2)
    scripted_endpoint.decide(endpoint)
    model = start(start_model, scripted_endpoint)
    ticket = model.ticket()
    assert model.ask(ASK, ticket).status == 200
    assert (dialect(model), endpoint.left) == (None, 0)
    assert scripted_endpoint.received[-1].json["tools"][0]["type"] == "function"
    asked = len(scripted_endpoint.received)
    assert model.ask(ASK, ticket).status == 200
    assert len(scripted_endpoint.received) == asked + 1, "a job finds out once"
    assert model.ask(ASK).status == 200
    assert dialect(model) == "responses"
    assert scripted_endpoint.received[-1].json["tools"][0]["type"] == "custom"


def test_an_endpoint_that_refuses_by_a_fault_of_its_own_twice_has_refused(
    start_model: StartModel, scripted_endpoint: ScriptedEndpoint
) -> None:
    functions = serve(vllm, capable)
    scripted_endpoint.decide(lambda received: failure(500) if is_trial(received) else functions(received))
    model = start(start_model, scripted_endpoint)
    assert model.ask(ASK).status == 200
    assert dialect(model) == "functions"


@pytest.mark.parametrize(("days", "expected"), [(2, "responses"), (0, "functions")])
def test_functions_are_not_remembered_for_good(
    start_model: StartModel, scripted_endpoint: ScriptedEndpoint, tmp_path: Path, days: int, expected: str
) -> None:
    """As when an older release took a broken answer for a refusal, or the server has learned free text since."""
    scripted_endpoint.decide(serve(vllm, capable))
    model = start(start_model, scripted_endpoint, MODEL_DIRECTORY=str(tmp_path))
    assert model.ask(ASK).status == 200
    model.stop()
    file = tmp_path / "endpoint.json"
    then = datetime.now(UTC) - timedelta(days=days)
    file.write_text(json.dumps(json.loads(file.read_text()) | {"at": then.isoformat()}))
    scripted_endpoint.decide(Moody(UNCLEAR["failed"], 2))
    model = start(start_model, scripted_endpoint, MODEL_DIRECTORY=str(tmp_path))
    for _ in range(2):
        assert dialect(model) == "functions", "what is remembered holds until an answer tells otherwise"
        assert model.ask(ASK).status == 200
    assert dialect(model) == expected
