"""Garbage for every route: whatever is sent, the answer is a clear problem, never a 5xx."""

import json
import random
import re

import pytest

from daemons.api.json_routes import OPERATIONS
from daemons.api.json_routes.operation import Operation
from tests.api.conftest import World

_SCRAPS = [
    None, True, 0, -1, 1, 2**53, 10**400, 1.5, "", " ", "a", "\0", "\ud800", "ä" * 300, "x" * 30_000,
    "../../etc/passwd", "' OR 1=1 --", "{host}", "%00", [], [[]], {},
    {"a": {"b": 1}}, "1795444484654-0", "current", "bakery", "\r\nX: y",
]  # fmt: skip
_PATHS = ["x", "-", "0", "%00", "%ff", "%F0%9F%92%A9", "..%2f..%2fetc", "a" * 300, "1" * 5000, "%0d%0a", "SITE"]
_QUERIES = [
    "",
    "limit=x",
    "limit=-1",
    "cursor=%00",
    "cursor=%ff%fe",
    "before=1e9",
    "before=" + "9" * 400,
    "a=b",
    "site=%00",
]
_HEADERS = [
    {},
    {"Idempotency-Key": "g"},
    {"Last-Event-ID": "x" * 500},
    {"Content-Type": "multipart/form-data; boundary=x"},
]
_RAW = [
    b"",
    b"\xff\xfe",
    b"{",
    b"null",
    b"[]",
    b'"x"',
    b"1e999",
    b"NaN",
    b'{"a":1,"a":2}',
    b"[" * 9_000,
    b"--x\r\n\r\n--x--",
]


def body_for(operation: Operation, dice: random.Random) -> bytes:
    """Bytes that are no document, or an object of the right fields with wrong values."""
    if operation.body is None or dice.random() < 0.3:
        return dice.choice(_RAW)
    fields = {name: dice.choice(_SCRAPS) for name in operation.body.model_fields if dice.random() < 0.9}
    # What might by chance be valid and then change what other tests rely on.
    fields.pop("email", None)
    return json.dumps(fields).encode()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: f"{operation.method} {operation.path}")
def test_garbage_is_refused_clearly(world: World, operation: Operation) -> None:
    dice = random.Random(operation.path + operation.method)
    for _ in range(25):
        filled = re.sub(r"{\w+(:path)?}", lambda _: dice.choice(_PATHS), operation.path)
        url = f"{filled[1:]}?{dice.choice(_QUERIES)}"
        content = body_for(operation, dice) if operation.method in ("POST", "PUT", "PATCH") else None
        client = dice.choice([world.root, world.root, world.ben, world.api.browser()])
        answer = client.request(operation.method, url, content=content, headers=dice.choice(_HEADERS))
        assert answer.status_code < 500, (url, content, answer.text)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json", (url, content, answer.text)
            assert answer.json()["detail"]
            assert answer.json()["hint"]
    assert "Traceback" not in world.api.log.read_text()
