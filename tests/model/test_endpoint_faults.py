"""Whatever the endpoint does, the client gets a sentence or an orderly end, never the endpoint's words or the key."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.model_process import ModelProcess, Reply
from tests.support.scripted_endpoint import (
    Answer,
    ScriptedEndpoint,
    cut,
    events,
    failure,
    flood,
    garbage,
    html,
    message,
    never,
    redirect,
    silence,
    sse,
)

StartModel = Callable[..., ModelProcess]


KEY = "sk-test-0123456789abcdef"


SECRET = "secret words of the endpoint"


ASK = {"input": "hello"}


CREATED: dict[str, Any] = {"type": "response.created", "response": {"id": "resp_1", "status": "in_progress"}}


DELTA: dict[str, Any] = {"type": "response.output_text.delta", "output_index": 0, "delta": "x" * 400}


BEFORE_THE_STREAM: dict[str, tuple[Answer, int, str]] = {
    "401": (failure(401, "invalid_api_key", f"{SECRET} {KEY}"), 502, "refused the key"),
    "403": (failure(403), 502, "refused the key"),
    "404": (failure(404, "model_not_found"), 502, "does not know the model gpt-pinned"),
    "429": (failure(429, "rate_limit_exceeded", retry_after="0"), 429, "is busy"),
    "credit": (failure(429, "insufficient_quota"), 503, "credit is used up"),
    "too long": (failure(400, "context_length_exceeded"), 413, "too long for the model"),
    "400": (failure(400, "invalid_value"), 502, "did not accept the request (400)"),
    "500": (failure(500), 502, "a fault of its own (500)"),
    "503": (failure(503), 502, "a fault of its own (503)"),
    "500 in HTML": (html(500), 502, "a fault of its own (500)"),
    "huge error": (Answer(500, "application/json", (b"x" * 65536,), repeat=3200), 502, "a fault of its own (500)"),
    "redirect": (redirect("http://127.0.0.1:1/v1/responses"), 502, "sends us to another address"),
    "html": (html(), 502, "not as a model does"),
    "compressed": (Answer(headers={"Content-Encoding": "gzip"}, chunks=(b"\x1f\x8b",)), 502, "not as a model does"),
    "garbage": (garbage(), 502, "can't be read"),
    "no JSON": (Answer(chunks=(b"data: {]\n\n",)), 502, "can't be read"),
    "no type": (Answer(chunks=(b"data: [1]\n\n",)), 502, "can't be read"),
    "deep": (Answer(chunks=(b"data: " + b"[" * 200_000 + b"\n\n",)), 502, "can't be read"),
    "endless line": (Answer(chunks=(b"data: " + b"x" * 65536,), repeat=100), 502, "can't be read"),
    "nothing": (Answer(), 502, "broke off"),
    "cut": (cut(), 502, "broke off"),
    "never": (never(), 502, "does not answer"),
    "silent": (silence(), 502, "does not answer"),
}


IN_THE_STREAM: dict[str, tuple[Answer, str]] = {
    "cut": (cut(CREATED, DELTA), "broke off"),
    "ends early": (events(CREATED, DELTA), "broke off"),
    "silent": (silence(CREATED), "does not answer"),
    "garbage": (Answer(chunks=(sse(CREATED), b"data: {]\n\n")), "can't be read"),
    "flood": (flood(), "longer than allowed"),
    "error event": (
        events(CREATED, {"type": "error", "code": "server_error", "message": SECRET}),
        "gave up (server_error)",
    ),
    "strange code": (events(CREATED, {"type": "error", "code": SECRET, "message": SECRET}), "gave up (server_error)"),
    "failed": (
        events(
            CREATED,
            {"type": "response.failed", "response": {"error": {"code": "rate_limit_exceeded", "message": SECRET}}},
        ),
        "gave up (rate_limit_exceeded)",
    ),
}


def impatient_model(start_model: StartModel, endpoint: ScriptedEndpoint) -> ModelProcess:
    """A model daemon that soon gives up an endpoint which says nothing, and logs whatever it can."""
    return start_model(
        MODEL_BASE_URL=endpoint.base_url,
        MODEL_KEY=KEY,
        MODEL_NAME="gpt-pinned",
        MODEL_IDLE_SECONDS="0.5",
        LOG_LEVEL="DEBUG",
    )


@pytest.fixture
def model(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> ModelProcess:
    return impatient_model(start_model, scripted_endpoint)


def check_secrecy(model: ModelProcess, replies: list[Reply]) -> None:
    for text in (*(reply.text for reply in replies), model.log.read_text()):
        assert SECRET not in text
        assert KEY not in text


def test_faults_before_the_stream_become_problems(model: ModelProcess, scripted_endpoint: ScriptedEndpoint) -> None:
    replies = []
    for name, (answer, status, words) in BEFORE_THE_STREAM.items():
        scripted_endpoint.script(answer)
        reply = model.ask(ASK)
        replies.append(reply)
        assert reply.status == status, (name, reply.text)
        assert words in reply.problem["detail"], name
        assert reply.problem["hint"], name
    check_secrecy(model, replies)


def test_faults_in_the_stream_end_it_in_order(model: ModelProcess, scripted_endpoint: ScriptedEndpoint) -> None:
    """Attack 44 among them: 200 MB are cut at the limit of one answer."""
    replies = []
    for name, (answer, words) in IN_THE_STREAM.items():
        scripted_endpoint.script(answer)
        reply = model.ask(ASK)
        replies.append(reply)
        assert reply.events[-1]["type"] == "response.failed", name
        assert words in reply.events[-1]["response"]["error"]["message"], name
        assert len(reply.text) < (17 << 20), name
    check_secrecy(model, replies)


def test_an_endpoint_that_is_not_there(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> None:
    scripted_endpoint.close()
    model = start_model(MODEL_BASE_URL=scripted_endpoint.base_url)
    reply = model.ask(ASK)
    assert reply.status == 502
    assert reply.problem["detail"] == "The connection to the model API failed."


def test_a_base_url_may_lack_v1_and_a_key(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> None:
    """As a local Ollama or vLLM behind a path of its own."""
    scripted_endpoint.script(message("Hello."))
    model = start_model(MODEL_BASE_URL=f"http://{scripted_endpoint.address}/other/path/")
    assert model.ask(ASK).status == 200
    assert scripted_endpoint.received[0].path == "/other/path/responses"
    assert "authorization" not in scripted_endpoint.received[0].headers


@pytest.mark.parametrize(
    "url", ["api.example.org/v1", "ftp://example.org/v1", "http://user:secret@example.org/", "http://[::"]
)
def test_a_bad_base_url_stops_the_daemon_with_a_sentence(start_model: StartModel, url: str) -> None:
    with pytest.raises(AssertionError, match="PAGEWRIGHT_MODEL_BASE_URL is not a URL") as stopped:
        start_model(MODEL_BASE_URL=url)
    assert "Traceback" not in str(stopped.value)
    assert "secret" not in str(stopped.value)
