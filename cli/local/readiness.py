"""Waiting until every part of the local system does its job, and saying which one does not."""

import asyncio
import subprocess
import time

from cli.local.folder import RunFolder
from cli.local.programs import DAEMONS, Ports
from shared.clients.daemon import TransportError, error_from, open_client
from shared.domain.errors import PageWrightError, Unavailable

_START_SECONDS = 60


def wait_until_ready(folder: RunFolder, ports: Ports, supervisor: subprocess.Popen[bytes]) -> None:
    """Return once every /readyz and nginx have answered; raises Unavailable with the reason after a minute."""
    asyncio.run(_wait(folder, ports, supervisor))


async def _wait(folder: RunFolder, ports: Ports, supervisor: subprocess.Popen[bytes]) -> None:
    """Ask again only those that are not ready yet, since each question costs time that they need to start."""
    deadline = time.monotonic() + _START_SECONDS
    asked = {name: (folder.address(f"{name}-admin"), "/readyz") for name in DAEMONS}
    asked["nginx"] = (f"127.0.0.1:{ports.ui}", "/api/v1/openapi.json")
    while missing := await _missing(asked):
        if supervisor.poll() is not None:
            raise Unavailable("supervisord ended.", f"Read {folder.logs}/supervisord.log.")
        if time.monotonic() > deadline:
            name, reason = next(iter(missing.items()))
            raise Unavailable(f"{name} does not get ready: {reason}", _last_words(folder, name))
        asked = {name: asked[name] for name in missing}
        await asyncio.sleep(0.1)


async def _missing(asked: dict[str, tuple[str, str]]) -> dict[str, str]:
    """What is not ready yet, by program and reason; each program is asked at its address and path."""
    reasons = await asyncio.gather(*(_reason(address, path) for address, path in asked.values()))
    return {name: reason for name, reason in zip(asked, reasons, strict=True) if reason}


async def _reason(address: str, path: str) -> str | None:
    try:
        async with open_client(address, timeout=5) as client:
            response = await client.get(path)
    except TransportError:
        return "it does not answer"
    fault: PageWrightError = error_from(response)
    return None if response.is_success else fault.detail


def _last_words(folder: RunFolder, name: str) -> str:
    log = folder.logs / f"{name}.log"
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:] if log.exists() else []
    return "\n  ".join([f"The end of {log}:", *lines])
