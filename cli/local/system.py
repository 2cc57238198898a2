"""Runs the local system: lock, check, write, start, wait, hand over, and stop."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cli.local.credentials import make_secrets
from cli.local.folder import RunFolder, locked
from cli.local.nginx import nginx_program
from cli.local.preflight import check_machine
from cli.local.programs import Ports, Program, all_programs
from cli.local.readiness import wait_until_ready
from cli.local.supervisor import supervised


@dataclass(frozen=True)
class LocalSystem:
    """A running local system."""

    folder: RunFolder
    ports: Ports
    supervisor: subprocess.Popen[bytes]
    operator: Program

    @property
    def url(self) -> str:
        return f"http://localhost:{self.ports.ui}"

    def site_url(self, site: str, prefix: str = "") -> str:
        """Where visitors find a site; `prefix` is `preview--` or `v3--`."""
        return f"http://{prefix}{site}.localhost:{self.ports.sites}/"


@contextmanager
def running_system(folder: RunFolder, ports: Ports) -> Iterator[LocalSystem]:
    """Start every daemon and end all of them after the block. Raises PageWrightError if they can't start."""
    with locked(folder):
        check_machine(folder, ports)
        programs = [*all_programs(folder, ports, make_secrets(folder)), nginx_program(folder, ports)]
        (api,) = (program for program in programs if program.name == "api")
        with supervised(folder, programs) as supervisor:
            wait_until_ready(folder, ports, supervisor)
            yield LocalSystem(folder, ports, supervisor, api)
