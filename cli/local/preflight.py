"""Checks the machine before anything starts; each fault is one sentence and what to do about it."""

import os
import re
import shutil
import socket
from importlib.util import find_spec
from pathlib import Path

from cli.daemon_module import DaemonModule, run_module
from cli.local.folder import RunFolder
from cli.local.programs import Ports, codex_program
from shared.domain.errors import Conflict, InvalidInput, NotFound, Unavailable

_FREE_MEGABYTES = 500
_SANDBOX_SECONDS = 60
_PROGRAMS = {"/usr/bin/redis-server": "redis-server", "/usr/sbin/nginx": "nginx", "/usr/bin/setpriv": "util-linux"}


def check_machine(folder: RunFolder, ports: Ports) -> None:
    """Raises a PageWrightError for the first fault."""
    for program, package in _PROGRAMS.items():
        if not Path(program).exists():
            raise NotFound(f"{program} is missing.", f"Run `make setup`, or install the package {package}.")
    check_extra("supervisor")
    codex_program()
    check_path(folder.root)
    check_whole(folder)
    check_disk(folder.root)
    check_port(ports.ui, "PAGEWRIGHT_UI_PORT")
    check_port(ports.sites, "PAGEWRIGHT_SITES_PORT")
    check_sandbox()


def check_extra(module: str) -> None:
    """Raises NotFound without a package that the local run alone needs, and servers therefore lack."""
    if not find_spec(module):
        raise NotFound(f"The Python package {module} is missing.", "Run `make setup`, or install pagewright[local].")


def check_path(path: Path) -> None:
    """Raises InvalidInput for a path that a configuration file can't hold."""
    if not re.fullmatch(r"[\w./@%+,:~=-]+", os.fspath(path)):
        raise InvalidInput(f"nginx can't work in the folder {path}.", "Move it to a path without spaces and quotes.")


def check_whole(folder: RunFolder) -> None:
    """Raises Conflict after an interrupted restore: half of the data may be old or missing."""
    if folder.restoring.exists():
        raise Conflict(
            f"A restore into {folder.root} was broken off.", "Run `pagewright restore DIRECTORY --replace` again."
        )


def check_disk(path: Path, megabytes: int = _FREE_MEGABYTES) -> None:
    """Raises Unavailable when too little is free for versions and screenshots."""
    free = shutil.disk_usage(path).free // 1_000_000
    if free < megabytes:
        raise Unavailable(
            f"Only {free} MB are free on the disk of {path}; PageWright needs {megabytes} MB.",
            "Free some space, then try again.",
        )


def check_port(port: int, variable: str) -> None:
    """Raises Conflict when another program listens on the port."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            raise Conflict(
                f"Port {port} can't be used: {error.strerror}.",
                f"Stop what uses it (`ss -ltnp` tells), or choose another: {variable}={port + 1000} make run",
            ) from None


def check_sandbox(setting: str | None = None, *program: str) -> str:
    """Raises Unavailable unless a program runs in the sandbox that the workers use."""
    setting = setting or os.environ.get("PAGEWRIGHT_WORKER_SANDBOX", "bubblewrap")
    done = run_module(DaemonModule.TEST_SANDBOX, setting, *(program or ["/usr/bin/true"]), seconds=_SANDBOX_SECONDS)
    if done.returncode:
        reason, _, hint = done.stderr.strip().partition("\n")
        raise Unavailable(reason or "The sandbox can't be set up.", hint)
    return "works"
