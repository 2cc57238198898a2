"""What Codex says of calls that it refused, on stderr."""

import pytest

from daemons.worker.codex.events import Transcript
from daemons.worker.codex.refusals import refusal, unfit_file
from daemons.worker.codex.tally import CommandTally

_ENTRY = "2026-11-29T17:17:58.5Z ERROR codex_core::tools::router: error="


@pytest.mark.parametrize(
    "said", ["Exit code: 1", "request_user_input is unavailable in exec", "unable to locate image"]
)
def test_what_ran_or_changes_nothing_is_no_refusal(said: str) -> None:
    assert refusal(f"{_ENTRY}{said}".encode()) is None


def test_a_refusal_is_an_entry_of_the_router() -> None:
    assert refusal(f"{_ENTRY}unknown tool x".encode()) == "unknown tool x"
    assert refusal(b"error=unknown tool x") is None
    assert unfit_file("unknown tool x") is None


def test_a_patch_that_did_not_fit_is_told_with_its_file() -> None:
    entry = "2026-11-29T17:17:58.5Z ERROR codex_core::tools::router: error=apply_patch verification failed: "
    stderr = (
        f"{entry}Failed to find expected lines in /ws/about us.html:\n<h1>x</h1>\n{entry}Failed to read /ws/a.html: x"
    )
    transcript = Transcript()
    steps = [transcript.read_error(line) for line in stderr.encode().splitlines() * 2]
    assert list(filter(None, steps)) == ["Could not change about us.html", "Could not change a.html"], "each once"
    assert transcript.tally == CommandTally(4, 4)
