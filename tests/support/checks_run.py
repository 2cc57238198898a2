"""The checks as a worker makes them: the real browser in a real sandbox."""

import asyncio
from pathlib import Path

from pydantic import SecretStr

from daemons.worker.checks.history import CheckHistory
from daemons.worker.checks.report import decode_report
from daemons.worker.checks.run import Checked, open_checker
from daemons.worker.checks.verdict import Reference
from daemons.worker.programs import Programs
from shared.domain.manifest import Blob, Changes, Screenshot
from shared.domain.tree import Tree, compare
from shared.runtime.settings import WorkerSettings
from tests.support.browser import AXE
from tests.support.codex_run import CODEX
from tests.support.sandbox_run import BACKEND

_UNUSED = "unix:/nowhere"
CHROMIUM = Path("/usr/bin/chromium-headless-shell")
FIRST = CheckHistory(1)
PROGRAMS = Programs(codex=CODEX, codex_version="", chromium=CHROMIUM, backend=BACKEND, axe=AXE.read_bytes())


def worker_settings(**more: object) -> WorkerSettings:
    """A worker's settings; nobody is called at these addresses."""
    return WorkerSettings(
        worker_admin_listen=_UNUSED,
        worker_directory=Path("/nowhere"),
        redis_url=SecretStr(_UNUSED),
        storage_address=_UNUSED,
        storage_worker_token=SecretStr(""),
        model_address=_UNUSED,
        model_ticket_key=SecretStr(""),
        worker_signing_key=SecretStr(""),
        worker_codex=CODEX,
        **more,  # type: ignore[arg-type]
    )


def after(checked: Checked, number: int = 1, *, is_live: bool = False) -> CheckHistory:
    """What the next version knows when this was version `number`."""
    report = decode_report(checked.report)
    assert report
    image = Blob(sha256="0" * 64, size=1)
    pictures = tuple(Screenshot(page=one.page, viewport=one.viewport, image=image) for one in checked.pictures)
    reference = Reference(number, report.past(), is_live=is_live)
    return CheckHistory(number + 1, (reference,), report.records, (*checked.kept, *pictures))


def check_site(
    public: Tree, changes: Changes | None = None, before: CheckHistory = FIRST, **settings: object
) -> Checked:
    """What the checks say of a site, by default of one that is new."""

    async def whole() -> Checked:
        async with open_checker(worker_settings(**settings), PROGRAMS) as checker:
            return await checker.check(public, changes or compare({}, public), before)

    return asyncio.run(whole())
