"""Runs a module of a daemon in a process of its own, since the command line imports no daemon."""

import os
import subprocess
import sys

_LONGEST_SECONDS = 24 * 3600


def run_module(
    module: str, *arguments: str | os.PathLike[str], database: str | None = None
) -> subprocess.CompletedProcess[str]:
    """The ended process; it gets nothing of our environment, and the URL of the api's database if that is given."""
    environment = {"LANG": "C.UTF-8"} | ({"PAGEWRIGHT_API_DATABASE_URL": database} if database else {})
    command = [sys.executable, "-P", "-m", module, *arguments]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=_LONGEST_SECONDS
    )
