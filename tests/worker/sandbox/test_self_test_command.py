"""The sandbox tried as a command: silent if a program works in it, else a sentence and what to do."""

import os
import subprocess
import sys

import pytest

from tests.support.daemon_process import ROOT
from tests.support.sandbox_run import SETTING

pytestmark = pytest.mark.usefixtures("sandbox")


def tried(setting: str, *program: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "daemons.worker.sandbox.self_test_command", setting, *program]
    environment = {"PATH": os.defpath, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_a_program_that_works_says_nothing() -> None:
    done = tried(SETTING, "/usr/bin/true")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_program_that_does_not_is_named_with_its_end() -> None:
    done = tried(SETTING, "/usr/bin/false")
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "/usr/bin/false does not work in the sandbox: it ended with 1."
    assert "pagewright doctor" in done.stderr.splitlines()[1]
