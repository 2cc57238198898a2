"""Runs modules of the daemons, each in a process of its own: the command line imports their packages' names alone."""

import os
import subprocess
import sys
from enum import StrEnum

from daemons import api, deployer, storage, worker

_LONGEST_SECONDS = 24 * 3600


class DaemonModule(StrEnum):
    """A module that is a program. Importing one would cost every command the start of that daemon's libraries."""

    CONFIRM_STORAGE = f"{deployer.__name__}.confirmation"
    BACK_UP_STORAGE = f"{storage.__name__}.backup"
    RESTORE_STORAGE = f"{storage.__name__}.restore"
    VERIFY_STORAGE = f"{storage.__name__}.verify"
    DATABASE_DUMP = f"{api.__name__}.database.dump"
    OPERATOR = f"{api.__name__}.accounts.operator_command"
    TEST_SANDBOX = f"{worker.__name__}.sandbox.self_test_command"


def run_module(
    module: DaemonModule,
    *arguments: str | os.PathLike[str],
    database: str | None = None,
    seconds: float = _LONGEST_SECONDS,
) -> subprocess.CompletedProcess[str]:
    """The ended process; it gets nothing of our environment, and the URL of the api's database if that is given."""
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    if database:
        environment["PAGEWRIGHT_API_DATABASE_URL"] = database
    command = [sys.executable, "-P", "-m", module, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=seconds)
