"""The result of a run is made of nothing that a hostile runner could abuse."""

import os

import pytest

from daemons.worker.sandbox import RunResult, protocol
from daemons.worker.sandbox.run_result import read_result
from shared.domain.errors import InvalidInput, TooLarge
from shared.domain.tree import TreeLimits

_ALLOWED = TreeLimits(files=2, total_bytes=100)


def _result(report: protocol.ControlMessage, content: bytes = b"") -> RunResult:
    payload = protocol.make_empty_payload(_ALLOWED.total_bytes)
    try:
        os.write(payload, content)
        return read_result(report, payload, _ALLOWED, b"stderr")
    finally:
        os.close(payload)


def _payload(**files: bytes) -> bytes:
    return protocol.payload_list((name, len(data)) for name, data in files.items()) + b"".join(files.values())


def test_an_honest_report_gives_the_files_and_the_exit_code() -> None:
    assert _result({"exit_code": 3}, _payload(a=b"1")) == RunResult(3, {"a": b"1"}, b"stderr")


@pytest.mark.parametrize("limit", ["workspace", "memory"])
def test_a_run_that_reached_a_limit_leaves_nothing(limit: str) -> None:
    assert _result({"limit": limit, "exit_code": 0}, _payload(a=b"1")) == RunResult(None, {}, b"stderr", limit)


@pytest.mark.parametrize(
    ("why", "error", "words"),
    [
        ("link", InvalidInput, "a symbolic link"),
        ("special", InvalidInput, "neither a file nor a folder"),
        ("large", TooLarge, "is larger than"),
        ("heavy", TooLarge, "larger than 0 MiB together"),
        ("many", TooLarge, "at most 2"),
    ],
)
def test_each_refusal_has_a_sentence(why: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        _result({"refused": [why, "a.html"]})


def test_what_a_site_can_not_have_is_refused_again_outside() -> None:
    with pytest.raises(TooLarge):
        _result({"exit_code": 0}, _payload(a=b"", b=b"", c=b""))
    with pytest.raises(InvalidInput, match="can't be read"):
        _result({"exit_code": 0})
