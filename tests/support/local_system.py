"""The whole local system in a process of its own, as `make run` starts it: every daemon, Redis and nginx are real.

`local_system` answers with the practice model; see scripted_system.py for one whose model says what a test wants.
It starts once for all tests of a process; tests use sites of their own (`new_site`).
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from xmlrpc.client import ServerProxy

import pytest
from supervisor.xmlrpc import SupervisorTransport

from cli.client import ApiClient
from cli.local.finding import api_of
from cli.local.folder import RunFolder
from cli.local.visitor import visit
from tests.support.sandbox_run import IS_UNIT, SETTING
from tests.support.waiting import wait_until

_ROOT = Path(__file__).parents[2]
_STOP_SECONDS = 60
# A job takes seconds, and each look costs the system and the test 10 ms of processor time.
_JOB_PAUSE_SECONDS = 0.3


@dataclass
class LocalSystem:
    """A running system: its owner's client, and where people find it."""

    folder: RunFolder
    ui_port: int
    sites_port: int
    client: ApiClient
    sign_in_link: str
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        return f"http://localhost:{self.ui_port}"

    def site_url(self, host: str, path: str = "/") -> str:
        """The address of `SITE`, `preview--SITE` or `vN--SITE`."""
        return f"http://{host}.localhost:{self.sites_port}{path}"

    def page(self, host: str, path: str = "/") -> str:
        """What a visitor gets there."""
        return visit(self.site_url(host, path)).decode()

    def finish(self, job: dict[str, Any], seconds: float = 90) -> dict[str, Any]:
        """The job once it has ended."""
        return dict(
            wait_until(
                lambda: (
                    (found := self.client.get(f"/jobs/{job['id']}"))["state"] not in ("queued", "running") and found
                ),
                f"job {job['id']} ends",
                seconds,
                longest_pause=_JOB_PAUSE_SECONDS,
            )
        )

    def new_site(self, name: str, template: str = "small-business") -> dict[str, Any]:
        """A site of its own for a test, with version 1; returns the finished job."""
        made = self.client.post("/sites", {"name": name, "title": name.title(), "template": template})
        job = self.finish(made["job"])
        assert job["state"] == "succeeded", job
        return job

    def ask(self, site: str, message: str, **fields: object) -> dict[str, Any]:
        """Submit an edit; returns the job as it is now."""
        return self.client.post(f"/sites/{site}/jobs", {"message": message, **fields})

    def edit(self, site: str, message: str) -> dict[str, Any]:
        """Submit an edit and wait for its end."""
        return self.finish(self.ask(site, message))

    def state_of(self, site: str) -> dict[str, Any]:
        """All that a failed job must leave as it is: versions, deployments, and what the preview shows."""
        lists = {name: self.client.get(f"/sites/{site}/{name}")["items"] for name in ("versions", "deployments")}
        desired = next((item["version"] for item in lists["deployments"] if item["slot"] == "preview"), None)
        wait_until(lambda: self.shown(f"preview--{site}") == desired, "the preview shows what it shall")
        return {**lists, "preview": self.page(f"preview--{site}")}

    def shown(self, host: str) -> int:
        """The version that visitors get there."""
        return int(json.loads(self.page(host, "/.well-known/pagewright.json"))["version"])

    def publish(self, site: str, version: int, **fields: object) -> dict[str, Any]:
        return self.client.post(f"/sites/{site}/deployments", {"slot": "current", "version": version, **fields})

    def pid(self, program: str) -> int:
        """The process of one supervised program, once it runs."""
        return int(wait_until(lambda: self._pid(program), f"{program} runs"))

    def _pid(self, program: str) -> int:
        """0 while it is between two lives."""
        socket_address = f"unix://{self.folder.socket('supervisor')}"
        with ServerProxy("http://supervisord", transport=SupervisorTransport(serverurl=socket_address)) as supervisord:
            programs = cast("list[dict[str, Any]]", supervisord.supervisor.getAllProcessInfo())
        (pid,) = [int(one["pid"]) for one in programs if one["name"] == program]
        return pid

    def kill(self, program: str) -> None:
        """End a program as a power cut would; the supervisor starts it again."""
        os.kill(self.pid(program), signal.SIGKILL)

    def sandboxed(self) -> list[str]:
        """The command lines of what runs for jobs now: everything below the workers, or in the units' cgroups."""
        if IS_UNIT:
            return [_command(pid) for pid in in_units()]
        return [_command(pid) for name in ("worker-1", "worker-2") for pid in descendants(self.pid(name))]

    def logs(self) -> str:
        """Everything that was logged, for a test that looks for what must not be there."""
        return "".join(file.read_text(errors="replace") for file in sorted(self.folder.logs.iterdir()))


def descendants(pid: int) -> list[int]:
    """The processes that came of this one and still have it as an ancestor."""
    with suppress(OSError):
        tasks = [task / "children" for task in Path(f"/proc/{pid}/task").iterdir()]
        children = [int(child) for task in tasks for child in task.read_text().split()]
        return [*children, *(pid for child in children for pid in descendants(child))]
    return []


def in_units() -> list[int]:
    """The processes of all `pagewright-job@` units of this machine."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if "/pagewright-job@" in (process / "cgroup").read_text():
                found.append(int(process.name))
    return found


def _command(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return f"process {pid}, which has just ended"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_local_system(
    settings: Mapping[str, str] | None = None, folder: Path | None = None
) -> Iterator[LocalSystem]:
    """Start a system with these extra settings in the environment; at the end it is stopped.

    `folder` is its run folder, which stays; by default it is a new one, which goes.
    """
    root = folder or Path(tempfile.mkdtemp(prefix="pw"))
    ui, sites = free_port(), free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PAGEWRIGHT_", "OPENAI_"))}
    if IS_UNIT:
        inherited["PAGEWRIGHT_WORKER_SANDBOX"] = SETTING
    ours = {
        "PAGEWRIGHT_RUN_DIRECTORY": os.fspath(root),
        "PAGEWRIGHT_UI_PORT": str(ui),
        "PAGEWRIGHT_SITES_PORT": str(sites),
        "PAGEWRIGHT_API_BACKUPS": f"{root}/backups/database",
        "PAGEWRIGHT_STORAGE_BACKUPS": f"{root}/backups/storage",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "cli.local", "run"],
        env=inherited | ours | dict(settings or {}),
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            summary = _read_summary(process)
            link = re.search(r"link:\s+(\S+)", summary)
            run = RunFolder(root, root / "sockets")
            token = api_of(run).token
            assert link and token, f"the local system did not start:\n{summary}"
            client = ApiClient(f"http://localhost:{ui}", token)
            yield LocalSystem(run, ui, sites, client, link[1], process)
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(_STOP_SECONDS)
            process.kill()
    if not folder:
        shutil.rmtree(root, ignore_errors=True)


def _read_summary(process: subprocess.Popen[str]) -> str:
    """What it prints until it is up, or until it gives up."""
    assert process.stdout
    lines = ""
    for line in process.stdout:
        lines += line
        if line.startswith("Press Ctrl-C"):
            break
    return lines


@pytest.fixture(scope="session")
def local_system() -> Iterator[LocalSystem]:
    """A system with the practice model."""
    with running_local_system() as system:
        yield system
