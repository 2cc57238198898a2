"""`make run` and `make demo` as a person meets them, with a real system."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest

from cli.local.folder import is_running, open_run_folder
from tests.support.local_system import LocalSystem, free_port
from tests.support.waiting import wait_until
from tests.test_linters import ROOT

_shared = pytest.mark.xdist_group("practice-system")


def local(command: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.defpath, "PAGEWRIGHT_RUN_DIRECTORY": os.fspath(folder)} | variables
    return subprocess.run(
        [sys.executable, "-m", "cli.local", command],
        env=environment, capture_output=True, text=True, check=False, timeout=180,
    )  # fmt: skip


@_shared
def test_the_demo_uses_the_system_that_runs_from_its_folder(local_system: LocalSystem) -> None:
    """I5"""
    done = local("demo", local_system.folder.root)
    assert done.returncode == 0, done.stdout + done.stderr
    told = done.stdout
    assert "using the system that runs from this folder" in told
    assert "modified index.html; checks:" in told
    assert told.index("published: visitors see version") < told.index("rolled back: visitors see version")
    assert local_system.client.get("/sites/demo")["slots"]["current"] == 1


@_shared
def test_a_second_start_says_that_it_is_running(local_system: LocalSystem) -> None:
    done = local("run", local_system.folder.root)
    assert done.returncode == 1
    assert f"already running from this folder (process {local_system.process.pid})" in done.stderr


@_shared
def test_a_taken_port_stops_the_start_with_a_sentence(local_system: LocalSystem) -> None:
    folder = Path(mkdtemp(prefix="pw"))
    done = local("demo", folder, PAGEWRIGHT_UI_PORT=str(local_system.ui_port))
    rmtree(folder)
    assert done.returncode == 1
    assert f"PageWright: Port {local_system.ui_port} can't be used" in done.stderr
    assert "PAGEWRIGHT_UI_PORT=" in done.stderr


def test_a_script_starts_and_stops_it_in_the_background() -> None:
    """`make run` as a script's background job, which a shell lets begin with SIGINT ignored."""
    folder, ports = Path(mkdtemp(prefix="pw")), (free_port(), free_port())
    environment = {"PATH": os.defpath, "PAGEWRIGHT_RUN_DIRECTORY": os.fspath(folder)} | {
        f"PAGEWRIGHT_{name}_PORT": str(port) for name, port in zip(("UI", "SITES"), ports, strict=True)
    }
    script = 'make --old-file=setup run & wait "$!"; echo "ended with $?"'
    with subprocess.Popen(
        ["/bin/bash", "-c", script],
        env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    ) as job:  # fmt: skip
        assert job.stdout
        stop = next(line for line in job.stdout if line.startswith("Press Ctrl-C"))
        os.kill(int(stop.split()[-1]), signal.SIGINT)
        assert job.stdout.read() == "\nPageWright has stopped.\nended with 0\n"
    assert not is_running(open_run_folder(folder))
    rmtree(folder)


@_shared
@pytest.mark.parametrize("program", ["storage", "api", "redis", "nginx"])
def test_a_killed_program_is_back_soon(local_system: LocalSystem, program: str) -> None:
    """I3"""
    before = local_system.pid(program)
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: local_system.pid(program) not in (0, before), f"{program} is back")
    wait_until(lambda: local_system.client.get("/sites/demo")["name"] == "demo", "the api answers")
    wait_until(lambda: local_system.page("demo"), "visitors are served")
