"""What the program in the sandbox writes: first the browser's version, then lines that pages may have made."""

import asyncio

from daemons.worker.checks.browser_run import BrowserRun


def test_only_the_first_line_is_the_version() -> None:
    run = BrowserRun()
    for line in (b"120.0", b"121.0", b"\xff"):
        run.read_line(line)
    assert asyncio.run(run.version()) == "120.0"
    assert run.lines == [b"121.0", b"\xff"]


def test_a_version_that_is_no_text_is_told_as_far_as_it_is() -> None:
    run = BrowserRun()
    run.read_line(b"\xff120")
    assert asyncio.run(run.version()) == "�120"
    assert run.lines == []
