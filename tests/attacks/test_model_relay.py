"""Attacks 40, 41 and 43: what a program inside can say to the relay, and that none of it reaches the model (I7)."""

import asyncio

import pytest

from daemons.worker.model_relay.relay import ModelRelay
from tests.support.model_relay import TICKET, knock, post, say, with_relay
from tests.support.sandbox_run import open_session, python_plan
from tests.support.scripted_endpoint import Answer, ScriptedEndpoint, message

_SMUGGLED = b"GET /v1/files HTTP/1.1\r\nHost: inside\r\n\r\n"
_HEAD = b"POST /v1/responses HTTP/1.1\r\nHost: inside\r\n"

_REFUSED = {
    "41 another path": post(b"{}", path=b"/v1/files"),
    "41 another method": b"GET /v1/responses HTTP/1.1\r\nHost: inside\r\n\r\n",
    "41 delete": b"DELETE /v1/responses HTTP/1.1\r\nHost: inside\r\n\r\n",
    "41 a query": post(b"{}", path=b"/v1/responses?store=true"),
    "41 a detour": post(b"{}", path=b"/v1/responses/../files"),
    "41 encoded": post(b"{}", path=b"/v1%2Fresponses"),
    "41 a whole address": post(b"{}", path=b"http://api.example.org/v1/responses"),
    "41 tunnel": b"CONNECT api.example.org:443 HTTP/1.1\r\nHost: inside\r\n\r\n",
    "41 upgrade": post(b"{}", b"Connection: Upgrade", b"Upgrade: websocket"),
    "43 length and chunked": _HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + _SMUGGLED,
    "43 two lengths": _HEAD + b"Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}" + _SMUGGLED,
    "43 a list of lengths": _HEAD + b"Content-Length: 2, 40\r\n\r\n{}" + _SMUGGLED,
    "43 a signed length": _HEAD + b"Content-Length: +2\r\n\r\n{}",
    "43 another coding": _HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "43 a coding in disguise": _HEAD + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "43 blank before colon": _HEAD + b"Content-Length : 2\r\n\r\n{}",
    "43 pipelining": post(b"{}") + _SMUGGLED,
    "43 a bad chunk": _HEAD + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n",
    "43 bare line ends": b"POST /v1/responses HTTP/1.1\nContent-Length: 2\n\n{}\nGET /v1/files HTTP/1.1\n\n",
    "43 zero byte": _HEAD + b"X: a\0b\r\nContent-Length: 2\r\n\r\n{}",
    "43 HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "43 TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(300),
    "43 endless head": _HEAD + b"X: " + b"a" * 100_000,
    "43 many headers": _HEAD + b"X: a\r\n" * 10_000 + b"\r\n",
    "43 a declared giant": _HEAD + b"Content-Length: 99999999999\r\n\r\n" + b"x" * (9 << 20),
    "43 a chunked giant": _HEAD
    + b"Transfer-Encoding: chunked\r\n\r\n"
    + (b"100000\r\n" + bytes(1 << 20) + b"\r\n") * 9,
    "43 cut body": _HEAD + b"Content-Length: 200\r\n\r\n{}",
}


@pytest.mark.parametrize("attack", _REFUSED)
def test_request_is_refused_at_the_door(attack: str, scripted_endpoint: ScriptedEndpoint) -> None:
    """I7: only POST /v1/responses gets through, whole and once."""
    scripted_endpoint.script(message("Hello."))

    async def act(_: ModelRelay, port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(_REFUSED[attack])
            writer.write_eof()
            async with asyncio.timeout(20):
                answer = await reader.read()
        except ConnectionError:
            answer = b""
        finally:
            writer.close()
        assert not answer.startswith(b"HTTP/1.1 2")

    asyncio.run(with_relay(scripted_endpoint.address, act))
    assert scripted_endpoint.received == []


def test_headers_from_inside_are_dropped(scripted_endpoint: ScriptedEndpoint) -> None:
    """Attack 43: no header gets in, neither plainly nor folded into another."""
    scripted_endpoint.script(message("Hello."))
    forged = (b"Authorization: Bearer other", b"X-Forwarded-For: 1.2.3.4", b"A: b\r\n folded: 1", b"OpenAI-Project: p")
    knock(scripted_endpoint.address, post(b"{}", *forged))
    [request] = scripted_endpoint.received
    assert request.headers["authorization"] == f"Bearer {TICKET}"
    assert not {"x-forwarded-for", "a", "folded", "openai-project"} & request.headers.keys()
    assert request.headers["host"] != "inside"


def test_headers_from_the_model_are_dropped(scripted_endpoint: ScriptedEndpoint) -> None:
    """The answer's head is ours: no cookie, no account name, no redirection reaches the inside."""
    body = b"{}"
    headers = {"Set-Cookie": "secret", "openai-organization": "acme"}
    scripted_endpoint.script(Answer(200, "application/json", (body,), headers, length=2))
    answer = knock(scripted_endpoint.address, post(b"{}")).answer
    assert b"secret" not in answer
    assert b"acme" not in answer


def test_second_request_on_a_connection_is_never_answered(scripted_endpoint: ScriptedEndpoint) -> None:
    """Attack 43: a connection ends with its first answer."""
    scripted_endpoint.script(message("Hello."))

    async def act(_: ModelRelay, port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(post(b"{}"))
        async with asyncio.timeout(20):
            await reader.readuntil(b"0\r\n\r\n")
            writer.write(post(b"{}"))
            assert await reader.read() == b""
        writer.close()

    asyncio.run(with_relay(scripted_endpoint.address, act))
    assert len(scripted_endpoint.received) == 1


@pytest.mark.usefixtures("sandbox")
def test_program_inside_reaches_the_model_and_nothing_else(scripted_endpoint: ScriptedEndpoint) -> None:
    """Attacks 40 and 41 from a real sandbox: its own requests carry the job's ticket, so the budget counts them."""
    scripted_endpoint.script(message("Hello."))
    code = """
import http.client
for method, path in (("POST", "/v1/responses"), ("GET", "/v1/files"), ("POST", "/v1/responses")):
    connection = http.client.HTTPConnection("127.0.0.1", 8080)
    connection.request(method, path, b"{}", {"Authorization": "Bearer mine"})
    print(connection.getresponse().status)
"""
    lines: list[bytes] = []

    async def whole() -> None:
        relay = ModelRelay(scripted_endpoint.address, TICKET)
        async with open_session(python_plan(code, relay=True), relay=relay, on_line=lines.append) as session:
            ended = await session.run({})
        assert ended.exit_code == 0, ended.error_output.decode()

    asyncio.run(whole())
    assert lines == [b"200", b"404", b"200"]
    assert [request.path for request in scripted_endpoint.received] == ["/v1/responses"] * 2
    assert {request.headers["authorization"] for request in scripted_endpoint.received} == {f"Bearer {TICKET}"}


def test_answered_connections_make_room_for_others(scripted_endpoint: ScriptedEndpoint) -> None:
    """Attack 40: a hundred requests, one after the other and all at once, leave the relay open."""
    scripted_endpoint.script(message("Hello."))

    async def act(_: ModelRelay, port: int) -> None:
        answers = await asyncio.gather(*(say(port, post(b"{}")) for _ in range(50)))
        answers += [await say(port, b"nonsense\r\n\r\n") for _ in range(20)]
        assert [answer[:12] for answer in answers[:50]] == [b"HTTP/1.1 200"] * 50
        assert (await say(port, post(b"{}"))).startswith(b"HTTP/1.1 200")

    asyncio.run(with_relay(scripted_endpoint.address, act))
