"""One run of the tasks: what a model is seen to do, through the same dialects as Codex's requests."""

import json
from typing import Any

import pytest

from shared.domain.model_probe import ModelProbe
from tests.model.probe.test_prober import StartModel, start, told
from tests.support.model_process import ModelProcess
from tests.support.scripted_endpoint import Answer, ScriptedEndpoint, cut, events, failure, tool_call
from tests.support.strict_endpoints import (
    SERVERS,
    Chat,
    Refused,
    capable,
    llama_cpp,
    openai,
    serve,
    talkative,
    without_patches,
)

PATCH, SHELL = "it changed a line with a patch", "it read what a command printed"
PICTURE = "it named the colours of a picture"
CREATED = {"type": "response.created", "response": {"id": "resp_1"}}


def seen(model: ModelProcess) -> ModelProbe:
    """What a fresh probe sees, and that it is remembered."""
    reply = model.probe()
    assert reply.status == 200, reply.text
    probe = ModelProbe.model_validate_json(reply.text)
    assert told(model)["probe"] == json.loads(reply.text)
    return probe


@pytest.mark.parametrize("name", [*SERVERS, "OpenAI"])
def test_a_capable_model_works(start_model: StartModel, scripted_endpoint: ScriptedEndpoint, name: str) -> None:
    scripted_endpoint.decide(serve(SERVERS.get(name, openai), capable, free_text=name == "OpenAI"))
    model = start(start_model, scripted_endpoint)
    assert told(model)["probe"] is None
    probe = seen(model)
    assert probe.sentence == f"works: {PATCH}; {SHELL}; {PICTURE}"
    assert (probe.requests, probe.input_tokens, probe.output_tokens) == (6, 600, 120)
    assert told(model)["day_tokens"] >= 6 * 120
    assert told(model)["dialect"] == ("responses" if name == "OpenAI" else "functions")


def test_a_model_that_writes_no_patches(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> None:
    scripted_endpoint.decide(serve(llama_cpp, without_patches))
    probe = seen(start(start_model, scripted_endpoint))
    assert probe.sentence == f"edits by shell only: {SHELL}; {PICTURE}; it did not call apply_patch"


def test_patches_that_reach_nobody(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> None:
    """llama.cpp when it is taken for OpenAI: the tool is skipped."""
    scripted_endpoint.decide(serve(lambda body: llama_cpp(_known_to_llama_cpp(body)), capable))
    probe = seen(start(start_model, scripted_endpoint, MODEL_DIALECT="responses"))
    assert probe.verdict == "edits by shell only"


def test_a_model_that_only_talks(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> None:
    """What it says is no proof: it may even name the word."""
    scripted_endpoint.decide(serve(llama_cpp, talkative))
    probe = seen(start(start_model, scripted_endpoint))
    assert probe.sentence == "not usable, because it did not call apply_patch; it did not run a command"
    assert probe.requests == 2


def test_a_model_without_eyes(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> None:
    def blind(body: dict[str, Any]) -> Chat:
        if "input_image" in json.dumps(body["input"]):
            raise Refused("image input is not supported")
        return llama_cpp(body)

    scripted_endpoint.decide(serve(blind, capable))
    probe = seen(start(start_model, scripted_endpoint))
    assert probe.sentence == (
        f"works: {PATCH}; {SHELL}; when it looked at a picture, the model API did not accept the request (400)"
    )


def test_a_model_that_calls_and_calls(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> None:
    scripted_endpoint.script(tool_call("exec_command", {"cmd": "ls"}))
    probe = seen(start(start_model, scripted_endpoint, MODEL_DIALECT="functions"))
    assert probe.sentence == "not usable, because it did not call apply_patch; it did not run a command"
    assert probe.requests == 8


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (failure(401), "the model API refused the key"),
        (failure(503), "the model API has a fault of its own (503)"),
        (cut(CREATED), "the model API's answer broke off"),
        (events(CREATED | {"error": {"message": "none"}}), "the model's answer can't be read by the official library"),
    ],
)
def test_an_endpoint_that_does_not_answer(
    start_model: StartModel, scripted_endpoint: ScriptedEndpoint, answer: Answer, why: str
) -> None:
    scripted_endpoint.script(answer)
    model = start(start_model, scripted_endpoint)
    assert seen(model).sentence == f"not usable, because {why}"
    assert told(model)["dialect"] is None


def test_an_endpoint_that_breaks_off(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> None:
    scripted_endpoint.script(cut(CREATED))
    probe = seen(start(start_model, scripted_endpoint, MODEL_DIALECT="functions"))
    assert probe.sentence == "not usable, because the model API's answer broke off"


def _known_to_llama_cpp(body: dict[str, Any]) -> dict[str, Any]:
    """Its chat template would take the developer's rules for a person's."""
    return body | {"input": [item for item in body["input"] if item.get("role") != "developer"]}
