"""One run of the browser in a sandbox of its own."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass

from daemons.worker.limits import check_limits
from daemons.worker.programs import Programs
from daemons.worker.sandbox.plan import Plan
from daemons.worker.sandbox.session import RunResult, SandboxSession, open_session
from shared.domain.tree import Tree
from shared.runtime.settings import WorkerSettings

_HELLO_SECONDS = 30.0
# Playwright tells what service workers load only if it is asked to.
_ENVIRONMENT = {"PW_EXPERIMENTAL_SERVICE_WORKER_NETWORK_EVENTS": "1"}


@dataclass(frozen=True)
class Task:
    """What the program in the sandbox is to do; it begins no page after `seconds`, and ends by `end_seconds`.

    After `rest_seconds` it begins only the first `needed` pages.
    """

    pages: tuple[str, ...]
    needed: int
    pictured: tuple[str, ...]
    tabs: int
    seconds: float
    rest_seconds: float
    end_seconds: float


class BrowserRun:
    """A browser that is warm while the site is still being edited."""

    def __init__(self) -> None:
        self.session: SandboxSession
        self.lines: list[bytes] = []
        self._hello = asyncio.Event()
        self._version = ""

    async def version(self) -> str:
        """The browser's version, empty if it does not come up in time."""
        try:
            async with asyncio.timeout(_HELLO_SECONDS):
                await self._hello.wait()
        except TimeoutError:
            return ""
        return self._version

    async def look(self, task: Task, public: Tree) -> RunResult:
        """Look at pages; `lines` has what the program said, also if it was stopped. To be called once."""
        files: Mapping[str, bytes] = {f"public/{path}": data for path, data in public.items()}
        return await self.session.run({"task.json": json.dumps(asdict(task)).encode()} | dict(files))

    def take_in(self, line: bytes) -> None:
        """The first line is the version; a page can't have said it, for none is there yet."""
        if self._hello.is_set():
            self.lines.append(line)
        else:
            self._version = line.decode(errors="replace")
            self._hello.set()


@asynccontextmanager
async def open_browser(settings: WorkerSettings, programs: Programs) -> AsyncIterator[BrowserRun]:
    """Start a browser."""
    run = BrowserRun()
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
    session = open_session(plan, relay=None, on_line=run.take_in, backend=programs.backend)
    async with session as run.session:
        yield run
