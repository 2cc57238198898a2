"""What operators are told of a sandboxed program's end is about the program, never about a site."""

import pytest

from daemons.worker.exit_diagnostics import codex_diagnostics, exit_diagnostics, python_diagnostics
from daemons.worker.limits import check_limit
from daemons.worker.sandbox import RunResult
from daemons.worker.sandbox.streams import ERROR_BYTES
from shared.domain.errors import PageWrightError, TooLarge

# As Codex writes it: a line for each entry, and what the entry quotes on lines of its own.
_STDERR = b"""WARNING: proceeding
2026-11-24T00:17:43.569356Z ERROR codex_core::tools::router: error=apply_patch verification failed: not in /ws/a.html:
<h1>A page</h1>
2026-11-24T00:17:44.569356Z ERROR codex_core::client: stream error
and its reason
"""


def test_codex_is_quoted_without_what_it_quotes() -> None:
    lines = ["WARNING: proceeding", "2026-11-24T00:17:44.569356Z ERROR codex_core::client: stream error"]
    assert codex_diagnostics(_STDERR).splitlines() == [*lines, "and its reason"]


def test_a_tail_that_begins_within_a_quotation_is_left_out() -> None:
    tail = (b"<p>Text</p>\n" * ERROR_BYTES + _STDERR.partition(b"\n")[2])[-ERROR_BYTES:]
    assert codex_diagnostics(tail).splitlines()[0].endswith("codex_core::client: stream error")


def test_our_own_programs_are_quoted_by_their_exceptions_names() -> None:
    stderr = (
        b'Traceback (most recent call last):\n  File "/x.py", line 1\nplaywright.TargetClosedError: <h1>A page</h1>\n'
    )
    assert python_diagnostics(stderr) == "playwright.TargetClosedError"


@pytest.mark.parametrize(
    ("ended", "note"),
    [(RunResult(None, {}, b"", "memory"), "limit memory; ''"), (RunResult(9, {}, b""), "exit code 9; ''")],
)
def test_how_it_ended_is_noted_and_not_told(ended: RunResult, note: str) -> None:
    with pytest.raises(PageWrightError) as caught, exit_diagnostics(ended, ""):
        check_limit(ended.limit, "The edit", "Ask for less.")
        raise TooLarge("It left too much.")
    assert caught.value.__notes__ == [note]
    assert note not in str(caught.value.problem())
