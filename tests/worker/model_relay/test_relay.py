"""The model relay passes on a good request and its answer, and remembers what went wrong."""

import asyncio
import tempfile
from pathlib import Path

import pytest

from daemons.worker.model_relay.relay import ModelRelay, RelayLimits
from shared.domain.errors import BadGateway, TooMany, Unavailable
from tests.support.model_relay import TICKET, knock, post, say, with_relay
from tests.support.scripted_endpoint import Answer, ScriptedEndpoint, cut, events, failure, html, message, silence, sse

_BODY = b'{"model": "m", "input": "hello"}'


def _problem(status: int, text: str) -> Answer:
    body = b'{"detail": "%s", "hint": "a hint"}' % text.encode()
    return Answer(status, "application/problem+json", (body,), length=len(body))


def test_request_is_rebuilt_and_its_answer_streamed(scripted_endpoint: ScriptedEndpoint) -> None:
    """The body goes through, nothing else does, and the job's ticket is added."""
    scripted_endpoint.script(message("Hello."))
    result = knock(scripted_endpoint.address, post(_BODY, b"X-Inside: 1", b"Cookie: a=b", b"User-Agent: codex"))
    [request] = scripted_endpoint.received
    assert (request.method, request.path, request.body) == ("POST", "/v1/responses", _BODY)
    assert request.headers["authorization"] == f"Bearer {TICKET}"
    assert not {"x-inside", "cookie"} & request.headers.keys()
    assert "codex" not in request.headers["user-agent"]
    assert result.status == 200
    assert b"text/event-stream" in result.answer
    assert b"response.completed" in result.answer
    assert result.answer.endswith(b"0\r\n\r\n")
    assert result.trouble is None


def test_chunked_request_is_relayed(scripted_endpoint: ScriptedEndpoint) -> None:
    scripted_endpoint.script(message("Hello."))
    head = b"POST /v1/responses HTTP/1.1\r\nHost: inside\r\nTransfer-Encoding: chunked\r\n\r\n"
    knock(scripted_endpoint.address, head + b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")
    assert scripted_endpoint.received[0].body == b"hello world"


def test_answer_arrives_while_it_is_made(scripted_endpoint: ScriptedEndpoint) -> None:
    """Each event goes on as it comes, long before the end."""
    scripted_endpoint.script(silence({"type": "response.created"}))

    async def act(_: ModelRelay, port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(post(_BODY))
        async with asyncio.timeout(20):
            await reader.readuntil(b"response.created")
        writer.close()

    asyncio.run(with_relay(scripted_endpoint.address, act))


def test_model_on_a_unix_socket_is_reached() -> None:
    with tempfile.TemporaryDirectory(prefix="pw") as folder:
        address = Path(folder) / "model.sock"
        seen: list[bytes] = []

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            seen.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
            await writer.drain()
            writer.close()

        async def whole() -> None:
            async def act(_: ModelRelay, port: int) -> None:
                assert (await say(port, post(_BODY))).endswith(b"{}\r\n0\r\n\r\n")

            async with await asyncio.start_unix_server(serve, address):
                await with_relay(f"unix:{address}", act)

        asyncio.run(whole())
        assert b"POST /v1/responses" in seen[0]


def test_trouble_is_remembered_until_a_request_goes_well(scripted_endpoint: ScriptedEndpoint) -> None:
    """The worker can tell the person why an edit failed, in the model daemon's words."""
    scripted_endpoint.script(_problem(429, "The budget is used up."), message("Hello."))

    async def act(relay: ModelRelay, port: int) -> None:
        answer = await say(port, post(_BODY))
        assert answer.startswith(b"HTTP/1.1 429")
        assert b"The budget is used up." in answer
        assert isinstance(relay.trouble, TooMany)
        assert (relay.trouble.detail, relay.trouble.hint) == ("The budget is used up.", "a hint")
        await say(port, post(_BODY))
        assert relay.trouble is None

    asyncio.run(with_relay(scripted_endpoint.address, act))


def test_model_that_is_not_there_is_trouble() -> None:
    with tempfile.TemporaryDirectory(prefix="pw") as folder:
        result = knock(f"unix:{folder}/none.sock", post(_BODY), RelayLimits(restart_seconds=0.5))
    assert result.status == 503
    assert isinstance(result.trouble, Unavailable)


def test_model_that_is_being_restarted_is_waited_for() -> None:
    """Nothing was sent to it yet, so the program inside need not know."""
    with tempfile.TemporaryDirectory(prefix="pw") as folder:
        address = Path(folder) / "model.sock"

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
            await writer.drain()
            writer.close()

        async def act(relay: ModelRelay, port: int) -> None:
            asking = asyncio.create_task(say(port, post(_BODY)))
            await asyncio.sleep(0.5)
            async with await asyncio.start_unix_server(serve, address):
                assert (await asking).endswith(b"{}\r\n0\r\n\r\n")
            assert relay.trouble is None

        asyncio.run(with_relay(f"unix:{address}", act))


@pytest.mark.parametrize(
    ("text", "detail", "hint"),
    [
        ("The model API's answer broke off. Try again in a moment.", "The model API's answer broke off.", "moment"),
        ("The model API gave up (server_error).", "The model API gave up (server_error).", "Try again"),
    ],
)
def test_answer_that_fails_in_the_middle_is_trouble(
    text: str, detail: str, hint: str, scripted_endpoint: ScriptedEndpoint
) -> None:
    """The model daemon ends a broken answer in an orderly way; the person hears why."""
    failed = {"type": "response.failed", "response": {"error": {"code": "server_error", "message": text}}}
    scripted_endpoint.script(events({"type": "response.created"}, failed))
    result = knock(scripted_endpoint.address, post(_BODY))
    assert result.answer.endswith(b"0\r\n\r\n")
    assert isinstance(result.trouble, BadGateway)
    assert result.trouble.detail == detail
    assert hint in result.trouble.hint


def test_answer_that_breaks_off_stays_incomplete(scripted_endpoint: ScriptedEndpoint) -> None:
    """The program inside must not take half an answer for a whole one."""
    scripted_endpoint.script(cut({"type": "response.created"}))
    result = knock(scripted_endpoint.address, post(_BODY))
    assert b"response.created" in result.answer
    assert not result.answer.endswith(b"0\r\n\r\n")
    assert isinstance(result.trouble, Unavailable)


@pytest.mark.parametrize("answer", [html(), failure(500)])
def test_bad_answer_does_not_get_through(answer: Answer, scripted_endpoint: ScriptedEndpoint) -> None:
    scripted_endpoint.script(answer)
    result = knock(scripted_endpoint.address, post(_BODY))
    assert result.status >= 500
    assert b"It works!" not in result.answer
    assert b"secret words" not in result.answer
    assert result.trouble is not None


def test_silent_connection_is_dropped_and_others_served(scripted_endpoint: ScriptedEndpoint) -> None:
    """A program that opens connections and says nothing blocks the relay for a while, not for ever."""
    scripted_endpoint.script(message("Hello."))

    async def act(_: ModelRelay, port: int) -> None:
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(12)]
        assert (await say(port, post(_BODY))).startswith(b"HTTP/1.1 200")
        for reader, writer in silent:
            assert await reader.read() == b""
            writer.close()

    asyncio.run(with_relay(scripted_endpoint.address, act, RelayLimits(request_seconds=0.3)))


def test_silent_model_is_trouble(scripted_endpoint: ScriptedEndpoint) -> None:
    scripted_endpoint.script(silence({"type": "response.created"}))
    quick = RelayLimits(answer_seconds=0.3)
    assert isinstance(knock(scripted_endpoint.address, post(_BODY), quick).trouble, Unavailable)


def test_no_more_than_eight_answers_at_a_time(scripted_endpoint: ScriptedEndpoint) -> None:
    scripted_endpoint.script(silence({"type": "response.created"}))

    async def act(_: ModelRelay, port: int) -> None:
        connections = [await asyncio.open_connection("127.0.0.1", port) for _ in range(12)]
        for _, writer in connections:
            writer.write(post(_BODY))
        while scripted_endpoint.open_streams < 8:
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.2)
        assert len(scripted_endpoint.received) == 8
        for _, writer in connections:
            writer.close()

    asyncio.run(with_relay(scripted_endpoint.address, act))


def test_endless_answer_is_cut(scripted_endpoint: ScriptedEndpoint) -> None:
    """Attack 44: no answer is longer than the relay allows."""
    event = sse({"type": "response.output_text.delta", "delta": "x" * 60_000})
    scripted_endpoint.script(Answer(chunks=(event,), repeat=100))
    result = knock(scripted_endpoint.address, post(_BODY), RelayLimits(answer_bytes=1 << 20))
    assert len(result.answer) < 2 << 20
    assert isinstance(result.trouble, BadGateway)
