"""The endpoint's stream: how long it may be silent, what of it is passed on, and that the key never comes back."""

import asyncio
import time

import pytest

from tests.model.test_endpoint_faults import ASK, CREATED, DELTA, KEY, StartModel, check_secrecy, impatient_model
from tests.support.model_process import ModelProcess
from tests.support.scripted_endpoint import (
    Answer,
    ScriptedEndpoint,
    completed,
    dripping,
    failure,
    message,
    never,
    silence,
    sse,
)
from tests.support.waiting import wait_until

# What keeps a connection awake, and says nothing.
SIGNS_OF_LIFE: dict[str, bytes] = {
    "comments": b": keep-alive\n\n",
    "blank lines": b"\n\n",
    "pings": b'event: ping\ndata: {"type": "ping"}\n\n',
    "the same state again": sse({"type": "response.in_progress", "response": {"status": "in_progress"}}),
    "empty pieces": sse({"type": "response.output_text.delta", "output_index": 0, "delta": ""}),
    "a byte of an event at a time": b"d",
}


@pytest.fixture
def model(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> ModelProcess:
    return impatient_model(start_model, scripted_endpoint)


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
