"""The cache of layers, and what a run leaves, survive a killed process and two runs at once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.machine.layers import CACHE
from tests.machine.machine_cgroups import machine_processes
from tests.machine.private_network import private_network
from tests.test_linters import ROOT

pytestmark = [pytest.mark.machine, pytest.mark.xdist_group("machine"), pytest.mark.usefixtures("bootable")]

# Makes a layer above another one, which takes as many seconds as it is told; then says what is in it.
_HOLD = """
import sys, time
from tests.machine.layers import Layer, held
def make(root):
    print("making", flush=True)
    (root / "half").touch()
    time.sleep(float(sys.argv[2]))
    (root / "whole").touch()
below = Layer("below", (), lambda root: (root / "first").touch())
with held(Layer("above", (sys.argv[1],), make, below)) as paths:
    print(*sorted(file.name for path in paths for file in path.iterdir()), flush=True)
    time.sleep(float(sys.argv[3]))
"""
_RUN = """
import time
from tests.machine.layers import overlay
from tests.machine.private_network import private_network
with private_network() as network, overlay(["/usr"], network.directory / "a"):
    print(network.number, flush=True)
    time.sleep(100)
"""

_BOOT = """
import time
from tests.machine.booted_machine import booted_fleet
with booted_fleet(["a"]) as machines:
    print(machines["a"].network.bridge, flush=True)
    time.sleep(100)
"""


def started(cache: Path, script: str, *arguments: object) -> subprocess.Popen[str]:
    environment = {"PATH": os.defpath, "PYTHONPATH": str(ROOT), "PAGEWRIGHT_MACHINE_CACHE": str(cache)}
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )  # fmt: skip


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def killed(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_a_layer_whose_making_was_killed_is_made_anew(tmp_path: Path) -> None:
    first = started(tmp_path, _HOLD, "a", 100, 0)
    assert said(first) == "making"
    killed(first)
    assert list(tmp_path.glob("above-*")) == []
    second = started(tmp_path, _HOLD, "a", 0, 0)
    assert second.communicate()[0].splitlines() == ["making", "first half whole"]
    assert not (tmp_path / "making").exists()


def test_two_runs_at_once_make_it_once(tmp_path: Path) -> None:
    runs = [started(tmp_path, _HOLD, "a", 0.5, 0) for _ in range(2)]
    assert sorted(line for run in runs for line in run.communicate()[0].splitlines()) == [
        "first half whole",
        "first half whole",
        "making",
    ]


def test_a_layer_goes_when_nobody_has_used_it_for_an_hour_unless_it_is_in_use(tmp_path: Path) -> None:
    user = started(tmp_path, _HOLD, "old", 0, 100)
    assert (said(user), said(user)) == ("making", "first half whole")
    (old,) = tmp_path.glob("above-*")
    os.utime(old, (0, time.time() - 2 * 3600))
    started(tmp_path, _HOLD, "new", 0, 0).communicate()
    assert old.exists()
    killed(user)
    started(tmp_path, _HOLD, "new", 0, 0).communicate()
    assert not old.exists()


def test_what_a_killed_run_has_left_is_cleared_away_by_the_next(tmp_path: Path) -> None:
    first = started(tmp_path, _RUN)
    number = said(first)
    killed(first)
    assert Path(f"/sys/class/net/pw{number}").exists()
    second = started(tmp_path, _RUN)
    assert said(second) == number
    assert (tmp_path / f"run-{number}/a/root").is_mount()
    third = started(tmp_path, _RUN)
    assert said(third) != number, "the second run still has this one"
    for run in (second, third):
        run.send_signal(signal.SIGINT)
        run.communicate()
    assert list(tmp_path.iterdir()) == []


def test_a_machine_whose_run_was_killed_ends_with_the_next_run() -> None:
    first = started(CACHE, _BOOT)
    processes = machine_processes(said(first))
    assert processes
    killed(first)
    with private_network():
        assert not any(Path(f"/proc/{process}/exe").exists() for process in processes)
