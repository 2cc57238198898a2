"""A runner with supervised programs in a process of its own, and what came of it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

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
