"""Whatever the endpoint does, the client gets a sentence or an orderly end, never the endpoint's words or the key."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.model_process import ModelProcess, Reply
from tests.support.scripted_endpoint import (
    Answer,
    ScriptedEndpoint,
    completed,
    cut,
    dripping,
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
from tests.support.waiting import wait_until

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
# What keeps a connection awake, and says nothing.
SIGNS_OF_LIFE: dict[str, bytes] = {
    "comments": b": keep-alive\n\n",
    "blank lines": b"\n\n",
    "pings": b'event: ping\ndata: {"type": "ping"}\n\n',
    "the same state again": sse({"type": "response.in_progress", "response": {"status": "in_progress"}}),
    "empty pieces": sse({"type": "response.output_text.delta", "output_index": 0, "delta": ""}),
    "a byte of an event at a time": b"d",
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


@pytest.fixture
def model(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> ModelProcess:
    return start_model(
        MODEL_BASE_URL=scripted_endpoint.base_url,
        MODEL_KEY=KEY,
        MODEL_NAME="gpt-pinned",
        MODEL_IDLE_SECONDS="0.5",
        LOG_LEVEL="DEBUG",
    )


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


@pytest.mark.parametrize("name", SIGNS_OF_LIFE)
def test_signs_of_life_do_not_put_off_the_end_of_patience(
    model: ModelProcess, scripted_endpoint: ScriptedEndpoint, name: str
) -> None:
    """I8: such an answer would last until the job's own limit, which blames the request."""
    scripted_endpoint.script(dripping(SIGNS_OF_LIFE[name], CREATED))
    reply = model.ask(ASK)
    assert reply.events[-1]["type"] == "response.failed"
    assert reply.events[-1]["response"]["error"]["message"].startswith("The model API does not answer.")
    wait_until(lambda: not scripted_endpoint.open_streams, "the endpoint is let go")


def test_a_head_that_comes_byte_by_byte_is_not_waited_for(
    model: ModelProcess, scripted_endpoint: ScriptedEndpoint
) -> None:
    scripted_endpoint.script(dripping(b"H", head_first=False))
    reply = model.ask(ASK)
    assert reply.status == 502
    assert reply.problem["detail"] in ("The model API does not answer.", "The connection to the model API failed.")


def test_an_answer_may_take_its_time_if_it_says_something(
    start_model: StartModel, scripted_endpoint: ScriptedEndpoint
) -> None:
    """It lasts twice as long as a silence may, up to the limit of its length."""
    settings = {"MODEL_IDLE_SECONDS": "0.5", "MODEL_RESPONSE_BYTES": str(20 * len(sse(DELTA)))}
    model = start_model(MODEL_BASE_URL=scripted_endpoint.base_url, **settings)
    scripted_endpoint.script(dripping(sse(DELTA), CREATED))
    assert "longer than allowed" in model.ask(ASK).events[-1]["response"]["error"]["message"]


def test_a_busy_endpoint_is_waited_for(model: ModelProcess, scripted_endpoint: ScriptedEndpoint) -> None:
    busy = failure(429, retry_after="0.1")
    scripted_endpoint.script(busy, busy, message("Hello."))
    assert model.ask(ASK).status == 200
    assert len(scripted_endpoint.received) == 3
    for answer, tries in ((busy, 3), (failure(429, retry_after="3600"), 1), (failure(429, "insufficient_quota"), 1)):
        scripted_endpoint.received.clear()
        scripted_endpoint.script(answer)
        assert model.ask(ASK).status in (429, 503)
        assert len(scripted_endpoint.received) == tries


def test_an_endpoint_that_is_not_there(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> None:
    scripted_endpoint.close()
    model = start_model(MODEL_BASE_URL=scripted_endpoint.base_url)
    reply = model.ask(ASK)
    assert reply.status == 502
    assert reply.problem["detail"] == "The connection to the model API failed."


def test_an_endpoint_that_repeats_the_key_does_not_give_it_away(
    model: ModelProcess, scripted_endpoint: ScriptedEndpoint
) -> None:
    scripted_endpoint.script(message(f"Your key is {KEY}."))
    reply = model.ask(ASK)
    assert "Your key is [key]." in reply.text
    check_secrecy(model, [reply])


def test_only_known_events_are_passed_on(model: ModelProcess, scripted_endpoint: ScriptedEndpoint) -> None:
    odd = b': comment\r\n\r\nevent: ping\rdata: {"type":"ping"}\r\rid: 5\nretry: 9\ndata: [DONE]\n\n'
    split = b'data: {"type":\r\ndata: "response.created",\r\ndata: "response": {}}\r\n\r\n'
    scripted_endpoint.script(Answer(chunks=(odd, split, sse(completed()), sse(DELTA))))
    assert [event["type"] for event in model.ask(ASK).events] == ["response.created", "response.completed"]


def test_when_the_client_goes_the_endpoint_is_let_go_at_once(
    model: ModelProcess, scripted_endpoint: ScriptedEndpoint, start_model: StartModel
) -> None:
    patient = start_model(MODEL_BASE_URL=scripted_endpoint.base_url, MODEL_IDLE_SECONDS="600")

    async def ask_and_go(answer: Answer, *, read: bool) -> float:
        scripted_endpoint.script(answer)
        async with patient.client(timeout=1 if read else 0.3) as client:
            try:
                async with client.stream("POST", "/v1/responses", json=ASK) as response:
                    await anext(response.aiter_raw())
            except Exception as error:
                assert not read, error
        left = time.monotonic()
        while scripted_endpoint.open_streams and time.monotonic() < left + 5:
            await asyncio.sleep(0.01)
        return time.monotonic() - left

    assert asyncio.run(ask_and_go(silence(CREATED), read=True)) < 2
    assert asyncio.run(ask_and_go(never(), read=False)) < 2


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
