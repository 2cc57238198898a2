"""A checkout with its tests on a machine that PageWright is rolled out to, and what pytest says there."""

import shutil
import subprocess

from tests.machine.booted_machine import Machine
from tests.test_linters import ROOT, tracked_files

PLACE = "/opt/checkout"
_SECONDS = 3600
_SETTINGS = "PAGEWRIGHT_WORKER_SANDBOX=/run/pagewright/job.sock"
# What tests use besides: pytest and all that is locked, Codex, and the scripts that pages load.
_INSTALLED = (".venv", "node_modules")


def copy_checkout(machine: Machine) -> None:
    """As readable for everybody as a checkout is; compiled once, because the tests may not write into it."""
    place = machine.root / PLACE.lstrip("/")
    for file in tracked_files():
        target = place / file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, target)
    for name in _INSTALLED:
        subprocess.run(
            ["cp", "-a", "--no-preserve=ownership", f"{ROOT / name}/.", place / name], check=True, timeout=600
        )
    for file in place.glob(".venv/lib/python3*/site-packages/*pagewright.pth"):
        file.write_text(f"{PLACE}\n")
    machine.output(
        f"chmod -R a+rX {PLACE} && cd {PLACE} && .venv/bin/python -m compileall -q daemons shared tests", 600
    )


def pytest_there(machine: Machine, *arguments: str, user: str) -> None:
    """Run tests of the checkout against systemd's sandboxes, as this user; fails with what pytest said."""
    _pytest(machine, f"-n 0 {' '.join(arguments)}", user, _SETTINGS)


def sandbox_pytest_there(machine: Machine, *arguments: str, user: str, slowness: int) -> None:
    """The same for a slow machine and tests of the sandbox alone, without what other tests need, which takes minutes.

    `slowness` is how many times longer than usual things may take.
    """
    settings = f"{_SETTINGS} PAGEWRIGHT_TEST_SLOWNESS={slowness} PYTEST_DISABLE_PLUGIN_AUTOLOAD=1"
    _pytest(machine, f"--noconftest -p tests.support.sandbox_run {' '.join(arguments)}", user, settings)


def _pytest(machine: Machine, arguments: str, user: str, settings: str) -> None:
    pytest = f"{PLACE}/.venv/bin/python -m pytest -q --durations=5 -p no:cacheprovider {arguments}"
    done = machine.run(f"cd {PLACE} && runuser -u {user} -- env {settings} {pytest}", _SECONDS)
    print(done.stdout)
    assert done.returncode == 0, done.stderr[-2000:]
