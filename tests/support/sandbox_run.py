"""Short Python programs in a real sandbox: bubblewrap's, or systemd's if PAGEWRIGHT_WORKER_SANDBOX names its socket."""

import asyncio
import functools
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from daemons.worker import sandbox as worker_sandbox
from daemons.worker.sandbox import Mount, Plan, RunLimits, RunResult, SandboxUnavailable, choose_backend, run_self_test
from tests.support.slowness import SLOWNESS

_SECONDS = 60 * SLOWNESS
SETTING = os.environ.get("PAGEWRIGHT_WORKER_SANDBOX", "bubblewrap")
BACKEND = choose_backend(SETTING)
IS_UNIT = SETTING != "bubblewrap"
open_session = functools.partial(worker_sandbox.open_session, backend=BACKEND)
of_bubblewrap = pytest.mark.skipif(IS_UNIT, reason="about bubblewrap itself")


@dataclass
class SandboxRun:
    """How a run ended, and the lines that it wrote."""

    ended: RunResult
    lines: list[bytes] = field(default_factory=list)


def python_plan(code: str, limits: RunLimits | None = None, programs: tuple[Mount, ...] = (), **more: object) -> Plan:
    """A plan that runs `code` with the sandbox's own Python; `more` are other fields of Plan."""
    argv = ("/usr/bin/python3", "-c", code)
    return Plan(argv=argv, limits=limits or RunLimits(wall_seconds=_SECONDS), programs=programs, **more)  # type: ignore[arg-type]


def run_in_sandbox(
    code: str,
    tree: Mapping[str, bytes] | None = None,
    on_line: Callable[[bytes], None] | None = None,
    on_error: Callable[[bytes], object] = lambda _: None,
    **plan: object,
) -> SandboxRun:
    """Run `code` with a workspace, from start to end."""
    lines: list[bytes] = []

    async def whole() -> RunResult:
        plan_of_it = python_plan(code, **plan)  # type: ignore[arg-type]
        async with open_session(plan_of_it, on_line=on_line or lines.append, on_error=on_error) as session:
            return await session.run(tree or {})

    return SandboxRun(asyncio.run(whole()), lines)


def processes_with(marker: str) -> list[int]:
    """The machine's processes that have `marker` in their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if marker.encode() in line:
                found.append(int(entry.name))
    return found


@pytest.fixture(scope="session")
def sandbox() -> None:
    """Skips where this machine can't make the sandbox; PAGEWRIGHT_FORBID_SKIPS=1 makes that a failure."""
    try:
        run_self_test(BACKEND)
    except SandboxUnavailable as error:
        pytest.skip(f"{error.detail} {error.hint}")
