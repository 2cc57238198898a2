"""The systemd of this machine, as root asks and changes it: units, their settings for a while, their cgroups."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.slowness import SLOWNESS

JOB_UNIT = "pagewright-job@.service"
JOBS = Path("/sys/fs/cgroup/pagewright.slice/pagewright-jobs.slice")


def systemctl(*arguments: str) -> str:
    """What systemctl says; fails if it fails."""
    done = subprocess.run(["systemctl", *arguments], capture_output=True, text=True, check=False, timeout=60 * SLOWNESS)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def settings(unit: str, *lines: str) -> Iterator[None]:
    """The unit has these settings besides its own: a smaller limit is reached sooner, by the same means."""
    folder = Path(f"/run/systemd/system/{unit}.d")
    folder.mkdir(parents=True, exist_ok=True)
    section = unit.rpartition(".")[2].title()
    (folder / "90-test.conf").write_text(f"[{section}]\n" + "".join(f"{line}\n" for line in lines))
    systemctl("daemon-reload")
    try:
        yield
    finally:
        shutil.rmtree(folder)
        systemctl("daemon-reload")


def runs() -> list[Path]:
    """The cgroups of the runs that there are now."""
    return sorted(JOBS.glob("pagewright-job@*"))


def until(condition: Callable[[], bool], what: str, seconds: float = 5) -> None:
    """Wait until it is so."""
    deadline = time.monotonic() + seconds * SLOWNESS
    while not condition():
        assert time.monotonic() < deadline, f"not so: {what}"
        time.sleep(0.2)
