"""A checkout with its tests on a machine that PageWright is rolled out to, and what pytest says there."""

import shutil
import subprocess

from tests.machine.booted_machine import Machine
from tests.test_linters import ROOT, tracked_files

PLACE = "/opt/checkout"
_SECONDS = 3600
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


def pytest_there(machine: Machine, *arguments: str, user: str, slowness: int = 1) -> None:
    """Run tests of the checkout against systemd's sandboxes; fails with what pytest said.

    `slowness` is how many times longer than usual things may take.
    """
    settings = f"PAGEWRIGHT_WORKER_SANDBOX=/run/pagewright/job.sock PAGEWRIGHT_TEST_SLOWNESS={slowness}"
    pytest = f"{PLACE}/.venv/bin/python -m pytest -n 0 -q -p no:cacheprovider {' '.join(arguments)}"
    done = machine.run(f"cd {PLACE} && runuser -u {user} -- env {settings} {pytest}", _SECONDS)
    print(done.stdout[-1500:])
    assert done.returncode == 0, f"{done.stdout[-12000:]}{done.stderr[-2000:]}"
