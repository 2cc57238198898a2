"""The local run's supervision: what dies comes back, and in the end nothing is left, however it ends."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.local.supervised_runner import Runner, processes, running
from tests.support.waiting import wait_until


@pytest.fixture
def runner() -> Iterator[Runner]:
    with running() as started:
        yield started


def test_a_killed_program_comes_back(runner: Runner) -> None:
    before = set(runner.sleepers())
    victim = min(before)
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: len(set(runner.sleepers()) - {victim}) == 3, "another one runs")


def test_a_program_gets_its_own_environment_and_nothing_else(runner: Runner) -> None:
    environments = [Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")[:-1] for pid in runner.sleepers()]
    expected = {b"PATH=" + os.defpath.encode(), b"LANG=C.UTF-8", b"HOME=/nonexistent", b'A=100% "quoted" $HOME;'}
    assert any(
        set(environment) - {b"PWD=" + os.fsencode(runner.root / "run")} == expected for environment in environments
    )
    assert not any(b"SUPERVISOR" in variable for environment in environments for variable in environment)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_nothing_is_left_after_a_stop(runner: Runner, number: signal.Signals) -> None:
    """Ctrl-C, kill, and the terminal that closes."""
    runner.process.send_signal(number)
    assert runner.process.wait(60) == 0
    assert runner.all_of_it() == []


def test_nothing_is_left_after_supervisord_was_killed(runner: Runner) -> None:
    os.kill(runner.supervisor(), signal.SIGKILL)
    assert runner.process.wait(60) == 0
    assert runner.all_of_it() == []


def test_the_programs_stop_when_the_runner_is_killed(runner: Runner) -> None:
    """What left its own session is out of reach then; the programs and supervisord are not."""
    runner.process.kill()
    wait_until(lambda: len(runner.sleepers()) <= 1, "the programs stop")
    wait_until(
        lambda: not any("supervisor.supervisord" in words for _, words in processes_of(runner)), "supervisord stops"
    )


def processes_of(runner: Runner) -> list[tuple[int, list[str]]]:
    mine = runner.all_of_it()
    return [(pid, words) for pid, words in processes() if pid in mine]
