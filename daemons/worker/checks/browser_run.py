"""Runs the browser once, in a sandbox of its own."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field

from daemons.worker.limits import check_limits
from daemons.worker.programs import Programs
from daemons.worker.sandbox.plan import Plan
from daemons.worker.sandbox.session import RunResult, SandboxSession, open_session
from shared.domain.tree import Tree
from shared.runtime.settings import WorkerSettings

_HELLO_SECONDS = 30.0
# Playwright reports what service workers load only if this is set.
_ENVIRONMENT = {"PW_EXPERIMENTAL_SERVICE_WORKER_NETWORK_EVENTS": "1"}


@dataclass(frozen=True)
class BrowserTask:
    """What the program in the sandbox has to do. It begins no page after `seconds`, and ends by `end_seconds`.

    After `rest_seconds` it begins only pages among the first `needed`. It takes pictures of the `pictured` pages, and
    compares the `compared` ones with the parent, of whose pages it has the `known` blocks. The parent lacks the files
    that were `added`.
    """

    pages: tuple[str, ...]
    needed: int
    pictured: tuple[str, ...]
    compared: tuple[str, ...]
    tabs: int
    seconds: float
    rest_seconds: float
    end_seconds: float
    known: Mapping[str, str] = field(default_factory=dict[str, str])
    added: tuple[str, ...] = ()


class BrowserRun:
    """A browser that starts while the site is still being edited."""

    def __init__(self, axe: bytes = b"") -> None:
        self._axe = axe
        self.session: SandboxSession
        self.lines: list[bytes] = []
        self._hello = asyncio.Event()
        self._version = ""

    async def version(self) -> str:
        """The browser's version, empty if it does not start in time."""
        try:
            async with asyncio.timeout(_HELLO_SECONDS):
                await self._hello.wait()
        except TimeoutError:
            return ""
        return self._version

    async def look(self, task: BrowserTask, public: Tree, before: Tree) -> RunResult:
        """Load the task's pages, once; `lines` then has what the program wrote, even if it was stopped.

        `before` are the parent's files that the version has changed or lacks.
        """
        files = {f"public/{path}": data for path, data in public.items()}
        files |= {f"before/{path}": data for path, data in before.items()}
        own = {"task.json": json.dumps(asdict(task)).encode(), "axe.js": self._axe}
        return await self.session.run(own | files)

    def read_line(self, line: bytes) -> None:
        """Take a line: the first is the version, and no page can have written it, because none is loaded yet."""
        if self._hello.is_set():
            self.lines.append(line)
        else:
            self._version = line.decode(errors="replace")
            self._hello.set()


@asynccontextmanager
async def open_browser(settings: WorkerSettings, programs: Programs) -> AsyncIterator[BrowserRun]:
    """Start a browser in its sandbox."""
    run = BrowserRun(programs.axe)
    plan = Plan(
        argv=programs.python("daemons.worker.checks.program", str(programs.chromium)),
        env=programs.python_environment | _ENVIRONMENT,
        stdin=b"",
        programs=(*programs.python_mounts, *programs.browser_mounts),
        limits=check_limits(settings),
        relay=False,
        collect="report",
        warm=True,
    )
    session = open_session(plan, relay=None, on_line=run.read_line, backend=programs.backend)
    async with session as run.session:
        yield run
