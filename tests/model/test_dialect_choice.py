"""The dialect of an endpoint is found out once, by asking it; what is away or busy decides nothing."""

import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.clients.daemon import Timeout
from tests.support.model_process import ModelProcess
from tests.support.scripted_endpoint import Answer, ScriptedEndpoint, failure, html, never
from tests.support.strict_endpoints import SERVERS, capable, openai, serve

StartModel = Callable[..., ModelProcess]


ASK: dict[str, Any] = {"input": [{"type": "message", "role": "user", "content": "hello"}]}


OPENAI = serve(openai, capable, free_text=True)


def start(start_model: StartModel, endpoint: ScriptedEndpoint, **settings: str) -> ModelProcess:
    return start_model(**({"MODEL_BASE_URL": endpoint.base_url, "MODEL_DIALECT": "auto"} | settings))


def dialect(model: ModelProcess) -> str | None:
    found: str | None = json.loads(model.get("/v1/model"))["dialect"]
    return found


def trials(endpoint: ScriptedEndpoint) -> int:
    """How often the endpoint was asked something of our own."""
    return sum("two.txt" in request.body.decode() for request in endpoint.received)


@pytest.mark.parametrize("name", SERVERS)
def test_servers_with_functions_alone(start_model: StartModel, scripted_endpoint: ScriptedEndpoint, name: str) -> None:
    scripted_endpoint.decide(serve(SERVERS[name], capable))
    model = start(start_model, scripted_endpoint)
    assert dialect(model) is None
    assert model.ask(ASK).events[-1]["type"] == "response.completed"
    assert dialect(model) == "functions"
    assert trials(scripted_endpoint) == 2
    assert model.ask(ASK).status == 200
    assert trials(scripted_endpoint) == 2


def test_an_endpoint_like_openais(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> None:
    scripted_endpoint.decide(OPENAI)
    model = start(start_model, scripted_endpoint)
    assert model.ask(ASK).status == 200
    assert dialect(model) == "responses"
    assert trials(scripted_endpoint) == 1
    assert json.loads(model.get("/v1/model"))["day_tokens"] == 2 * 120, "the trial counts too"


def test_what_was_found_out_is_remembered_for_this_endpoint_alone(
    start_model: StartModel, scripted_endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    scripted_endpoint.decide(OPENAI)
    for number, change in enumerate(({}, {"MODEL_NAME": "other"}, {"MODEL_KEY": "sk-1"}, {"MODEL_KEY": "sk-2"})):
        for _ in range(2):
            model = start(start_model, scripted_endpoint, MODEL_DIRECTORY=str(tmp_path), **change)
            assert model.ask(ASK).status == 200
            model.stop()
        assert trials(scripted_endpoint) == number + 1
    assert "sk-2" not in (tmp_path / "endpoint.json").read_text()


def test_first_requests_at_once_share_one_trial(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> None:
    scripted_endpoint.decide(OPENAI)
    model = start(start_model, scripted_endpoint)

    async def ask_at_once() -> list[int]:
        async with model.client() as client:
            answers = await asyncio.gather(*(client.post("/v1/responses", json=ASK) for _ in range(4)))
        return [answer.status_code for answer in answers]

    assert asyncio.run(ask_at_once()) == [200] * 4
    assert trials(scripted_endpoint) == 1
    assert len(scripted_endpoint.received) == 5


AWAY: dict[str, tuple[Answer, str]] = {
    "refuses the key": (failure(401), "refused the key"),
    "lacks the model": (failure(404), "does not know the model"),
    "busy": (failure(429, retry_after="0"), "is busy"),
    "down": (failure(503), "a fault of its own"),
    "another server": (html(), "not as a model does"),
    "silent": (never(), "does not answer"),
    "refuses everything": (failure(400), "did not accept the request"),
}


def test_an_endpoint_that_is_away_decides_nothing(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> None:
    model = start(start_model, scripted_endpoint, MODEL_IDLE_SECONDS="0.5")
    for name, (answer, words) in AWAY.items():
        scripted_endpoint.script(answer)
        assert words in model.ask(ASK).problem["detail"], name
        assert dialect(model) is None, name
    scripted_endpoint.decide(OPENAI)
    assert model.ask(ASK).status == 200
    assert dialect(model) == "responses"


def test_who_leaves_does_not_end_the_trial(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> None:
    gone = threading.Event()
    model = start(start_model, scripted_endpoint)

    async def ask_and_go() -> None:
        async with model.client(timeout=0.3) as client:
            with pytest.raises(Timeout):
                await client.post("/v1/responses", json=ASK)
        gone.set()

    scripted_endpoint.decide(lambda received: replace(OPENAI(received), after=gone))
    asyncio.run(ask_and_go())
    assert model.ask(ASK).status == 200
    assert trials(scripted_endpoint) == 1


@pytest.mark.parametrize("content", ["", "{", '{"endpoint": 5}', "[" * 10_000])
def test_a_broken_memory_is_no_memory(
    start_model: StartModel, scripted_endpoint: ScriptedEndpoint, tmp_path: Path, content: str
) -> None:
    (tmp_path / "endpoint.json").write_text(content)
    scripted_endpoint.decide(OPENAI)
    model = start(start_model, scripted_endpoint, MODEL_DIRECTORY=str(tmp_path))
    assert model.ask(ASK).status == 200
    assert trials(scripted_endpoint) == 1
