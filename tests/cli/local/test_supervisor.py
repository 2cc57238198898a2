"""The local run's supervision: what dies comes back, and in the end nothing is left, however it ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.support.waiting import wait_until

# A runner with two programs; "stubborn" ignores SIGTERM and has a child that left its session.
_RUNNER = """
import sys
from pathlib import Path
from cli.local.folder import locked, open_run_folder
from cli.local.programs import Program
from cli.local.stop_signals import Starter, stop_at_signals
from cli.local.supervisor import supervised, wait_for_end
stop_at_signals()
starter = Starter()
folder = open_run_folder(Path(sys.argv[1]))
mark = sys.argv[2]
strange = {"A": "100% \\"quoted\\" $HOME;"}
plain = Program("plain", ("/bin/sh", "-c", f"exec sleep {mark}"), strange, needed_by_others=True)
child = Program("child", ("/bin/sh", "-c", f"setsid sleep {mark} & exec sleep {mark}"))
try:
    with locked(folder), supervised(folder, [plain, child]) as supervisor:
        print("up", flush=True)
        wait_for_end(supervisor, starter)
except KeyboardInterrupt:
    pass
"""


class Runner:
    """The runner's process, and what came of it: its programs sleep a number of seconds that nobody else does.

    `launcher` is a command that runs the one given to it, such as `nohup`.
    """

    def __init__(self, *launcher: str) -> None:
        self.root = Path(mkdtemp(prefix="pw"))
        self.mark = str(10**8 + os.getpid() * 1000 + int.from_bytes(os.urandom(1), "big"))
        program = self.root / "runner.py"
        program.write_text(_RUNNER)
        command = [*launcher, sys.executable, program, self.root / "run", self.mark]
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        assert self.process.stdout
        assert self.process.stdout.readline() == "up\n"
        wait_until(lambda: len(self.sleepers()) == 3, "the programs run")

    def sleepers(self) -> list[int]:
        return [pid for pid, words in processes() if words[-1:] == [self.mark] and words[0] == "sleep"]

    def all_of_it(self) -> list[int]:
        return [
            pid for pid, words in processes() if self.mark in words or any(str(self.root) in word for word in words)
        ]

    def supervisor(self) -> int:
        return next(pid for pid, words in processes() if words[-1:] == [f"{self.root}/run/supervisord.conf"])


def processes() -> Iterator[tuple[int, list[str]]]:
    """Every process that is alive, with its command line."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
            alive = (folder / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            continue
        if words and alive:
            yield int(folder.name), words


@contextmanager
def running(*launcher: str) -> Iterator[Runner]:
    started = Runner(*launcher)
    try:
        yield started
    finally:
        for pid in started.all_of_it():
            os.kill(pid, signal.SIGKILL)
        started.process.wait(60)
        assert started.process.stdout
        started.process.stdout.close()


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
