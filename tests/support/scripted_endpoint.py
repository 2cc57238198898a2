"""A real HTTP server on loopback that speaks the Responses API by a script: good models, broken ones and hostile ones.

    def test_x(scripted_endpoint):
        scripted_endpoint.script(shell("ls"), message("Done."))    # one answer a request; the last one repeats
        ... point a model daemon or Codex at scripted_endpoint.base_url ...
        assert scripted_endpoint.received[0].json["model"] == "gpt-5.5"

A script may also be a function from the recorded request to an answer: `scripted_endpoint.decide(function)`. Our own
questions get an answer beside the script, of no use unless a test sets one by `scripted_endpoint.answer_questions`.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

Event = dict[str, Any]


@dataclass(frozen=True)
class Received:
    """One request as it came in; header names are lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @cached_property
    def json(self) -> Any:  # noqa: ANN401
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What the endpoint sends: a head, chunks of the body, and how the connection ends.

    `length` promises a Content-Length; without it the body ends with the connection. `hang` holds the connection
    open after the chunks (before the head if `head_first` is false) until the endpoint closes or the client goes.
    With `after` nothing is sent before that event is set. `drip` is sent again and again, `drip_seconds` apart, before
    the connection hangs.
    """

    status: int = 200
    media_type: str = "text/event-stream"
    chunks: tuple[bytes, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    repeat: int = 1
    length: int | None = None
    hang: bool = False
    head_first: bool = True
    after: threading.Event | None = None
    drip: bytes = b""
    drip_seconds: float = 0.05


def sse(event: Event) -> bytes:
    """The event as bytes of the stream."""
    return f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()


def events(*items: Event) -> Answer:
    """A stream of exactly these events."""
    return Answer(chunks=tuple(sse(item) for item in items))


def completed(*output: Event, input_tokens: int = 100, output_tokens: int = 20) -> Event:
    """The last event of a good answer."""
    total = input_tokens + output_tokens
    usage = {
        "input_tokens": input_tokens,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": output_tokens,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": total,
    }
    response = {"id": "resp_1", "object": "response", "status": "completed", "output": list(output), "usage": usage}
    return {"type": "response.completed", "response": response}


def items(*output: Event, input_tokens: int = 100, output_tokens: int = 20) -> Answer:
    """A good answer made of these output items."""
    created = {"type": "response.created", "response": {"id": "resp_1", "object": "response", "status": "in_progress"}}
    done = [{"type": "response.output_item.done", "output_index": n, "item": item} for n, item in enumerate(output)]
    return events(created, *done, completed(*output, input_tokens=input_tokens, output_tokens=output_tokens))


def message(text: str, **usage: int) -> Answer:
    """The final message of a turn."""
    content = [{"type": "output_text", "text": text, "annotations": []}]
    return items(
        {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": content}, **usage
    )


def tool_call(name: str, arguments: Event, call_id: str = "call_1") -> Answer:
    """A call of a function tool."""
    call = {"type": "function_call", "id": "fc_1", "call_id": call_id, "name": name, "arguments": json.dumps(arguments)}
    return items(call)


def shell(command: str, call_id: str = "call_1", wait_seconds: int = 10) -> Answer:
    """A call of Codex's exec_command, which tells of a command that still runs after so long as running."""
    return tool_call("exec_command", {"cmd": command, "yield_time_ms": 1000 * wait_seconds}, call_id)


def custom_call(name: str, text: str, call_id: str = "call_1") -> Answer:
    """A call of a custom (free text) tool such as apply_patch."""
    return items({"type": "custom_tool_call", "id": "ctc_1", "call_id": call_id, "name": name, "input": text})


def failure(
    status: int, code: str = "some_error", text: str = "secret words of the endpoint", retry_after: str | None = None
) -> Answer:
    """An error answer in OpenAI's shape."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    body = json.dumps({"error": {"message": text, "type": code, "code": code, "param": None}}).encode()
    return Answer(status, "application/json", (body,), headers, length=len(body))


def html(status: int = 200) -> Answer:
    """A web page where an API should be."""
    page = b"<!DOCTYPE html><html><body>It works!</body></html>"
    return Answer(status, "text/html", (page,), length=len(page))


def garbage() -> Answer:
    """A stream by its type, random bytes by its content."""
    return Answer(chunks=(bytes(range(256)) * 8 + b"\n\n",))


def redirect(location: str) -> Answer:
    """An answer that sends the client elsewhere."""
    return Answer(307, "text/plain", headers={"Location": location}, length=0)


def cut(*before: Event) -> Answer:
    """A stream that breaks off after these events: fewer bytes than promised."""
    chunks = tuple(sse(item) for item in before)
    return Answer(chunks=chunks, length=sum(map(len, chunks)) + 1000)


def silence(*before: Event) -> Answer:
    """A stream that says nothing more after these events, and does not end."""
    return Answer(chunks=tuple(sse(item) for item in before), hang=True)


def dripping(drip: bytes, *before: Event, head_first: bool = True) -> Answer:
    """A stream that shows signs of life after these events, and says nothing more."""
    return Answer(chunks=tuple(sse(item) for item in before), drip=drip, head_first=head_first)


def never() -> Answer:
    """No answer at all: the request is read, then nothing."""
    return Answer(hang=True, head_first=False)


def flood(total: int = 200 << 20) -> Answer:
    """An endless text, in events of 64 KiB."""
    event = sse({"type": "response.output_text.delta", "output_index": 0, "delta": "x" * (64 << 10)})
    return Answer(chunks=(event,), repeat=total // len(event))


_NO_IDEA = message("No idea.", input_tokens=0, output_tokens=0)


def is_question(request: Received) -> bool:
    """Whether it is one of our own questions, which no test of the agent's requests means."""
    try:
        return str(request.json["text"]["format"]["name"]).startswith("pagewright_")
    except (ValueError, LookupError, TypeError):
        return False


class ScriptedEndpoint:
    """The server. `received` has the agent's requests in order, `open_streams` the answers that are being sent.

    `questions` are the requests whose answers have to have a form.
    """

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.questions: list[Received] = []
        self._to_questions = [_NO_IDEA]
        self.open_streams = 0
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._answers: list[Answer] = [failure(500)]
        self._decide: Callable[[Received], Answer] | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """`host:port`."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def base_url(self) -> str:
        """The URL with /v1; without it the endpoint answers the same."""
        return f"http://{self.address}/v1"

    def script(self, *answers: Answer) -> None:
        """Answer the coming requests with these, one each; the last one repeats."""
        self._decide, self._answers = None, list(answers)

    def decide(self, function: Callable[[Received], Answer]) -> None:
        """Let a function choose each answer."""
        self._decide = function

    def answer_questions(self, *answers: Answer) -> None:
        """Answer the coming questions with these, one each; the last one repeats. Without any, of no use again."""
        self._to_questions = list(answers) or [_NO_IDEA]

    def record(self, request: Received) -> Answer:
        """Remember a request and choose its answer (called by the server's threads)."""
        with self._lock:
            if is_question(request):
                self.questions.append(request)
                return self._to_questions.pop(0) if len(self._to_questions) > 1 else self._to_questions[0]
            self.received.append(request)
            if self._decide:
                return self._decide(request)
            return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    def count_stream(self, change: int) -> None:
        """A stream began or ended (called by the server's threads)."""
        with self._lock:
            self.open_streams += change

    def close(self) -> None:
        """Let go of hanging answers and stop."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


def _handler(endpoint: ScriptedEndpoint) -> type[BaseHTTPRequestHandler]:  # noqa: C901
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = endpoint.record(Received(self.command, self.path, headers, body))
            self.close_connection = True
            endpoint.count_stream(1)
            try:
                with suppress(OSError):
                    self._send(answer)
            finally:
                endpoint.count_stream(-1)

        do_GET = do_POST = do_DELETE = _answer  # noqa: N815

        def _send(self, answer: Answer) -> None:
            while answer.after and not answer.after.wait(0.05) and not endpoint.closing.is_set():
                pass
            if answer.head_first:
                self._send_head(answer)
            for _ in range(answer.repeat):
                for chunk in answer.chunks:
                    self.wfile.write(chunk)
            self.wfile.flush()
            while answer.drip and not endpoint.closing.wait(answer.drip_seconds):
                self.wfile.write(answer.drip)
            if answer.hang:
                self._hang()

        def _send_head(self, answer: Answer) -> None:
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.media_type)
            if answer.length is not None:
                self.send_header("Content-Length", str(answer.length))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def _hang(self) -> None:
            """Wait until the endpoint closes or the client is gone."""
            self.connection.settimeout(0.02)
            while not endpoint.closing.is_set():
                try:
                    if not self.connection.recv(1):
                        return
                except TimeoutError:
                    continue

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    return Handler


@pytest.fixture
def scripted_endpoint() -> Iterator[ScriptedEndpoint]:
    """A Responses API endpoint on loopback that follows the test's script."""
    endpoint = ScriptedEndpoint()
    try:
        yield endpoint
    finally:
        endpoint.close()
