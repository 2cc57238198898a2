"""What stops the local run, whoever started it: a terminal, a script, `nohup`, `make`."""

import os
import signal
from pathlib import Path

import pytest

from tests.cli.local.supervised_runner import running
from tests.support.waiting import wait_until


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_script_stops_what_it_started_in_the_background(number: signal.Signals) -> None:
    """A shell that is no terminal's lets it begin with SIGINT ignored."""
    with running("/usr/bin/env", "--ignore-signal=INT") as runner:
        runner.process.send_signal(number)
        assert runner.process.wait(60) == 0
        assert runner.all_of_it() == []


def test_nohup_is_obeyed() -> None:
    with running("/usr/bin/env", "--ignore-signal=HUP") as runner:
        runner.process.send_signal(signal.SIGHUP)
        runner.process.send_signal(signal.SIGTERM)
        assert runner.process.wait(60) == 0
    with running("/usr/bin/env", "--ignore-signal=HUP") as runner:
        runner.process.send_signal(signal.SIGHUP)
        victim = min(runner.sleepers())
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: len(set(runner.sleepers()) - {victim}) == 3, "it works on")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_make_is_told_to_stop(tmp_path: Path, number: signal.Signals) -> None:
    """The signal reaches make alone, which passes on SIGTERM at most and then waits, or is gone."""
    makefile = tmp_path / "Makefile"
    makefile.write_text("run:\n\t@exec $(COMMAND)\n")
    with running("/bin/sh", "-c", 'exec make -f "$0" run COMMAND="$*"', str(makefile)) as runner:
        runner.process.send_signal(number)
        runner.process.wait(60)
        wait_until(lambda: runner.all_of_it() == [], "everything has ended")
