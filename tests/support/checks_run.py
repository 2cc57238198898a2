"""The checks as a worker makes them: the real browser in a real sandbox."""

import asyncio
from pathlib import Path

from pydantic import SecretStr

from daemons.worker.checks.run import Checked, open_checker
from daemons.worker.programs import Programs
from shared.manifest import Changes
from shared.settings import WorkerSettings
from shared.tree import Tree, compare
from tests.support.codex_run import CODEX
from tests.support.sandbox_run import BACKEND

_UNUSED = "unix:/nowhere"
CHROMIUM = Path("/usr/bin/chromium-headless-shell")
PROGRAMS = Programs(codex=CODEX, codex_version="", chromium=CHROMIUM, backend=BACKEND)


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


def check_site(public: Tree, changes: Changes | None = None) -> Checked:
    """What the checks say of a site that is new."""

    async def whole() -> Checked:
        async with open_checker(worker_settings(), PROGRAMS) as checker:
            return await checker.check(public, changes or compare({}, public), ())

    return asyncio.run(whole())
