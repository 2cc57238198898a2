"""I7: only a job with its ticket reaches the model, and only with a request rebuilt from an allow-list."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from shared.domain.release import RELEASE
from shared.domain.tickets import issue_ticket
from shared.domain.vocabulary import new_id
from tests.support.model_process import ModelProcess
from tests.support.scripted_endpoint import ScriptedEndpoint, message

StartModel = Callable[..., ModelProcess]
KEY = "sk-test-0123456789abcdef"
ASK: dict[str, Any] = {"input": [{"type": "message", "role": "user", "content": "hello"}]}


@pytest.fixture
def model(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> ModelProcess:
    scripted_endpoint.script(message("Hello."))
    return start_model(MODEL_BASE_URL=scripted_endpoint.base_url, MODEL_KEY=KEY, MODEL_NAME="gpt-pinned")


def refusals(model: ModelProcess, reason: str) -> float:
    wanted = f'pagewright_model_refusals_total{{reason="{reason}"}} '
    lines = model.get("/metrics", admin=True).splitlines()
    return next((float(line.removeprefix(wanted)) for line in lines if line.startswith(wanted)), 0.0)


def test_a_good_request_is_answered_event_by_event(model: ModelProcess, scripted_endpoint: ScriptedEndpoint) -> None:
    reply = model.ask(ASK)
    assert [event["type"] for event in reply.events] == [
        "response.created",
        "response.output_item.done",
        "response.completed",
    ]
    assert scripted_endpoint.received[0].path == "/v1/responses"


def test_nothing_of_the_clients_head_is_passed_on(model: ModelProcess, scripted_endpoint: ScriptedEndpoint) -> None:
    """Attack 43: a header of the sandbox must not reach the endpoint; the key does, the ticket does not."""
    ticket = model.ticket()
    strange = {"X-Api-Key": "mine", "OpenAI-Organization": "other", "Cookie": "a=b", "Host": "evil.example"}
    assert model.ask(ASK, ticket, strange).status == 200
    headers = scripted_endpoint.received[0].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["host"] == scripted_endpoint.address
    assert ticket not in str(headers)
    assert not {"x-api-key", "openai-organization", "cookie"} & headers.keys()


def test_what_matters_is_ours_and_what_is_useless_is_dropped(
    model: ModelProcess, scripted_endpoint: ScriptedEndpoint
) -> None:
    """Attack 42: other models, tiers and storage."""
    body = ASK | {
        "model": "gpt-expensive",
        "store": True,
        "stream": False,
        "service_tier": "priority",
        "metadata": {"a": "b"},
        "user": "me",
        "client_metadata": {"a": "b"},
        "prompt_cache_key": "theirs",
        "include": ["reasoning.encrypted_content", "web_search_call.action.sources"],
        "unheard_of": 1,
    }
    assert model.ask(body).status == 200
    sent = scripted_endpoint.received[0].json
    assert sent["model"] == "gpt-pinned"
    assert sent["store"] is False
    assert sent["stream"] is True
    assert sent["include"] == ["reasoning.encrypted_content"]
    assert sent["prompt_cache_key"].startswith("pagewright-")
    assert sent.keys() == {"model", "store", "stream", "input", "include", "prompt_cache_key"}


REFERENCES: list[dict[str, Any]] = [
    {"previous_response_id": "resp_1"},
    {"conversation": "conv_1"},
    {"conversation": {"id": "conv_1"}},
    {"prompt": {"id": "pmpt_1"}},
    {"background": True},
]
HOSTED_TOOLS = [
    {"type": "web_search"},
    {"type": "web_search_preview"},
    {"type": "mcp", "server_label": "x", "server_url": "https://evil.example"},
    {"type": "code_interpreter", "container": {"type": "auto"}},
    {"type": "file_search", "vector_store_ids": ["vs_1"]},
    {"type": "image_generation"},
    {"type": "computer_use_preview"},
    {"type": "local_shell"},
    {"type": "namespace", "name": "n", "tools": [{"type": "web_search"}]},
    {"name": "untyped"},
]
IMAGE = "data:image/png;base64,iVBORw0KGgo="
CONTENTS = [
    {"type": "input_image", "image_url": "https://evil.example/?secret"},
    {"type": "input_image", "image_url": "http://169.254.169.254/"},
    {"type": "input_image", "image_url": "file:///etc/passwd"},
    {"type": "input_image", "image_url": "data:text/html;base64,aGk="},
    {"type": "input_image", "image_url": IMAGE, "file_id": "file-1"},
    {"type": "input_image", "file_id": "file-1"},
    {"type": "input_file", "file_id": "file-1"},
    {"type": "input_file", "file_url": "https://evil.example/a.pdf"},
    {"type": "input_audio", "data": "aaaa"},
]
ITEMS = [
    {"type": "item_reference", "id": "rs_1"},
    {"type": "mcp_approval_response", "approval_request_id": "x", "approve": True},
    {"type": "web_search_call", "id": "ws_1", "status": "completed"},
    {"type": "computer_call_output", "call_id": "c", "output": {"type": "computer_screenshot", "file_id": "file-1"}},
    {"type": "message", "role": "tool", "content": "x"},
    {"type": "function_call", "call_id": "a b", "name": "x", "arguments": "{}"},
    {"type": "function_call", "call_id": "c", "name": "x", "arguments": {}},
    "text",
    None,
]
HOSTILE: list[object] = [
    *(ASK | extra for extra in REFERENCES),
    *(ASK | {"tools": [tool]} for tool in HOSTED_TOOLS),
    *({"input": [{"type": "message", "role": "user", "content": [part]}]} for part in CONTENTS),
    *({"input": [{"type": "function_call_output", "call_id": "c", "output": [part]}]} for part in CONTENTS),
    *({"input": [item]} for item in ITEMS),
    ASK | {"tool_choice": {"type": "mcp", "server_label": "x"}},
    ASK | {"text": {"format": {"type": "grammar"}}},
    ASK | {"reasoning": "high"},
    ASK | {"max_output_tokens": -1},
    {},
    [],
    {"input": 5},
    b"",
    b"{",
    b"\xff\xfe",
    b'{"input": ' + b"[" * 100_000,
    b'{"input":"x","tools":[{"type":"function","name":"f","parameters":'
    + b'{"a":' * 5000
    + b"1"
    + b"}" * 5000
    + b"}]}",
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_bodies_are_refused_in_words(shared_model_process: ModelProcess, number: int) -> None:
    """Attack 42: hosted tools and references would be a way out of the sandbox."""
    before = refusals(shared_model_process, "body")
    reply = shared_model_process.ask(HOSTILE[number])
    assert reply.status == 422, HOSTILE[number]
    assert reply.problem["detail"].startswith("The request to the model")
    assert reply.problem["hint"]
    assert refusals(shared_model_process, "body") == before + 1


def test_refused_bodies_never_reach_the_endpoint(model: ModelProcess, scripted_endpoint: ScriptedEndpoint) -> None:
    for tool in HOSTED_TOOLS:
        assert model.ask(ASK | {"tools": [tool]}).status == 422
    assert scripted_endpoint.received == []


def test_good_pieces_arrive_unchanged(model: ModelProcess, scripted_endpoint: ScriptedEndpoint) -> None:
    body: dict[str, Any] = {
        "instructions": "Be brief.",
        "input": [
            {"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "ä\u0000😀"}]},
            {
                "type": "message",
                "role": "user",
                "content": [{"type": "input_image", "image_url": IMAGE, "detail": "high"}],
            },
            {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "abc="},
            {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "f", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c1", "output": "yes"},
            {"type": "custom_tool_call", "call_id": "c2", "name": "apply_patch", "input": "*** Begin Patch"},
            {"type": "custom_tool_call_output", "call_id": "c2", "output": [{"type": "input_text", "text": "ok"}]},
            {
                "type": "message",
                "role": "assistant",
                "content": [{"type": "output_text", "text": "hm"}],
                "phase": "commentary",
            },
        ],
        "tools": [
            {"type": "function", "name": "f", "strict": False, "parameters": {"type": "object", "properties": {}}},
            {"type": "custom", "name": "g", "format": {"type": "grammar", "syntax": "lark", "definition": "start: x"}},
            {"type": "namespace", "name": "n", "tools": [{"type": "function", "name": "h", "parameters": {}}]},
        ],
        "tool_choice": {"type": "function", "name": "f"},
        "parallel_tool_calls": True,
        "reasoning": {"effort": "medium", "summary": "auto"},
        "text": {"verbosity": "low", "format": {"type": "text"}},
        "max_output_tokens": 500,
    }
    assert model.ask(body).status == 200
    sent = scripted_endpoint.received[0].json
    assert {key: sent[key] for key in body} == body


def test_short_forms_of_the_official_libraries_are_understood(
    model: ModelProcess, scripted_endpoint: ScriptedEndpoint
) -> None:
    assert model.ask({"input": "hello"}).status == 200
    assert model.ask({"input": [{"role": "user", "content": "hello"}]}).status == 200
    assert scripted_endpoint.received[0].json["input"] == "hello"
    assert scripted_endpoint.received[1].json["input"][0] == {"type": "message", "role": "user", "content": "hello"}


def test_nobody_without_a_good_ticket_is_heard(shared_model_process: ModelProcess) -> None:
    job = new_id()
    good = shared_model_process.ticket(job)
    forged = issue_ticket(b"another key", job=job, site="bakery", seconds=60)
    expired = issue_ticket(shared_model_process.ticket_key.encode(), job=job, site="bakery", seconds=-10)
    before = refusals(shared_model_process, "ticket")
    for ticket in (forged, expired, "x y", "x", good[:-2], good + "A", "." * 50, "e30.e30"):
        headers = {"Authorization": f"Bearer {ticket}"}
        assert shared_model_process.ask(ASK, headers=headers).status == 401, ticket
    assert shared_model_process.ask(ASK, headers={"Authorization": f"Basic {good}"}).status == 401
    assert refusals(shared_model_process, "ticket") == before + 9
    assert shared_model_process.ask(ASK, good).status == 200


def test_the_context_is_told_as_it_was_set(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> None:
    model = start_model(MODEL_BASE_URL=scripted_endpoint.base_url, MODEL_CONTEXT_TOKENS="64000")
    assert json.loads(model.get("/v1/model"))["context_tokens"] == 64_000


def test_too_large_a_body_is_refused(shared_model_process: ModelProcess) -> None:
    assert shared_model_process.ask({"input": "x" * (8 << 20)}).status == 413
    assert refusals(shared_model_process, "size") == 1


@pytest.mark.parametrize("path", ["/v1/files", "/v1/responses/resp_1", "/v1/models", "/", "/v1/chat/completions"])
def test_there_is_no_other_door(shared_model_process: ModelProcess, path: str) -> None:
    """Attack 41: other endpoints of the model API."""
    assert json.loads(shared_model_process.get(path))["status"] == 404


def test_the_model_says_who_it_is(shared_model_process: ModelProcess, model: ModelProcess) -> None:
    about = {"release": RELEASE, "day_budget_tokens": 50_000_000, "probe": None}
    practice, pinned = (json.loads(process.get("/v1/model")) for process in (shared_model_process, model))
    assert practice.pop("day_tokens") >= 0
    assert practice == about | {"name": "practice", "practice": True}
    unset = {"dialect": "responses", "context_tokens": None}
    assert pinned == about | unset | {"name": "gpt-pinned", "practice": False, "day_tokens": 0}
    assert shared_model_process.get("/readyz", admin=True) == "ready\n"
