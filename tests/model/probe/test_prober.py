"""Whether a model can edit sites is seen by three small tasks, through the same dialects as Codex's requests."""

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.support.model_process import ModelProcess
from tests.support.scripted_endpoint import ScriptedEndpoint, message
from tests.support.strict_endpoints import (
    capable,
    llama_cpp,
    serve,
)
from tests.test_linters import ROOT

StartModel = Callable[..., ModelProcess]


ASK = {"input": "hello"}


def start(start_model: StartModel, endpoint: ScriptedEndpoint, **settings: str) -> ModelProcess:
    return start_model(**({"MODEL_BASE_URL": endpoint.base_url, "MODEL_DIALECT": "auto"} | settings))


def told(model: ModelProcess) -> dict[str, Any]:
    about: dict[str, Any] = json.loads(model.get("/v1/model"))
    return about


def test_the_practice_model_is_not_tried(shared_model_process: ModelProcess) -> None:
    assert shared_model_process.probe().status == 409
    assert told(shared_model_process)["probe"] is None


def test_a_probe_wants_a_ticket_and_a_budget(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> None:
    scripted_endpoint.script(message("Hello."))
    model = start(start_model, scripted_endpoint, MODEL_DIALECT="functions", MODEL_DAY_TOKENS="100")
    assert model.probe(ticket="x.y").status == 401
    assert scripted_endpoint.received == []
    assert model.ask(ASK).status == 200
    assert model.probe().problem["detail"] == "Today's budget for the model is used up."


def test_a_probe_asks_through_the_gateway_as_a_job_does(
    start_model: StartModel, scripted_endpoint: ScriptedEndpoint
) -> None:
    """So what the gateway does to requests and answers is seen too; here it ends the third request of one job."""
    scripted_endpoint.decide(serve(llama_cpp, capable))
    model = start(start_model, scripted_endpoint, MODEL_DIALECT="functions", MODEL_JOB_REQUESTS="2")
    probe = json.loads(model.probe().text)
    assert probe["verdict"] == "not usable"
    assert probe["missed"] == ["the agent asked the model 2 times, all that one change may"]
    assert len(scripted_endpoint.received) == 2


def test_a_daemon_that_never_probes_does_without_the_official_library() -> None:
    """It costs two seconds and 30 MB."""
    ask = "import sys, daemons.model.__main__; print('openai' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, check=True, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "False"


def test_one_probe_at_a_time_and_none_outlives_the_daemon(
    start_model: StartModel, scripted_endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    go = threading.Event()
    scripted_endpoint.decide(lambda received: replace(serve(llama_cpp, capable)(received), after=go))
    settings = {"MODEL_DIRECTORY": str(tmp_path), "MODEL_DIALECT": "functions"}
    model = start(start_model, scripted_endpoint, **settings)

    async def probe_twice() -> list[str]:
        async with model.client() as client:
            asked = [asyncio.create_task(client.post("/v1/probe")) for _ in range(2)]
            while not scripted_endpoint.received:
                await asyncio.sleep(0.01)
            await client.get("/v1/model")
            go.set()
            return [(await answer).text for answer in asked]

    first, second = asyncio.run(probe_twice())
    assert first == second
    assert len(scripted_endpoint.received) == 6
    model.stop()
    model = start(start_model, scripted_endpoint, **settings)
    assert told(model)["probe"] == json.loads(first)
    go.clear()

    async def probe_and_stop() -> int:
        async with model.client() as client:
            asked = asyncio.create_task(client.post("/v1/probe"))
            while len(scripted_endpoint.received) == 6:
                await asyncio.sleep(0.01)
            await asyncio.to_thread(model.stop)
            return (await asked).status_code

    assert asyncio.run(probe_and_stop()) == 503
    assert told(start(start_model, scripted_endpoint, **settings))["probe"] == json.loads(first)
