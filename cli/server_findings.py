"""What a host of an installation should show: units, daemons, Redis, sandboxed runs, backups, certificate.

`pagewright doctor` looks at those that this host has. Each function tells what it found, or raises what is wrong.
"""

import asyncio
import os
import shutil
import ssl
import subprocess
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from cli.local.preflight import check_disk, check_sandbox
from cli.model_finding import try_model
from shared.clients.daemon import Response, TransportError, open_client
from shared.domain.errors import NotAllowed, Unavailable, from_problem
from shared.runtime.backups import newest_time

Inspection = Callable[[], str]

_UNITS = Path("/etc/systemd/system")
_SOCKETS = Path("/run/pagewright")
_JOB_SOCKET = _SOCKETS / "job.sock"
_STATE = Path("/var/lib/pagewright")
STORAGE = _STATE / "storage"
SITES = _STATE / "sites"
TRUSTED_KEYS = Path("/etc/pagewright/trusted-keys")
_MODEL = _SOCKETS / "model/model.sock"
_TICKET_KEY = Path("/etc/pagewright/credentials/pagewright_model_ticket_key")
_REDIS = Path("/etc/pagewright/credentials/pagewright_redis_url")
_CODEX = ("/opt/codex/codex", "--version")
_CHROMIUM_OPTIONS = ("--no-sandbox", "--no-zygote", "--disable-dev-shm-usage", "--dump-dom", "about:blank")
_BACKUPS = Path("/var/backups/pagewright")
_CERTIFICATE = Path("/etc/pagewright/tls/certificate.pem")
_PROGRAM_SECONDS = 60
_BACKUP_HOURS = 30  # they are made every night
_CERTIFICATE_DAYS = 14


def is_server() -> bool:
    """Whether PageWright was rolled out to this host."""
    return (_UNITS / "pagewright.target").exists()


def server_findings(chromium: Path) -> dict[str, Inspection]:
    """What to look at, by name; raises NotAllowed unless root asks, because others can't see any of it."""
    if os.geteuid() != 0:
        raise NotAllowed("Only root may ask the daemons of this host.", "Run `sudo pagewright doctor`.")
    found: dict[str, Inspection] = {"units": _units, "disk": _disk, "clock": _clock}
    for socket in sorted(_SOCKETS.glob("*/admin.sock")):
        found[socket.parent.name] = partial(daemon_finding, socket)
    if _MODEL.exists():
        found["model API"] = lambda: try_model(f"unix:{_MODEL}", _TICKET_KEY)
    if _REDIS.exists():
        found["Redis"] = _redis
    if _JOB_SOCKET.exists():
        found["sandbox"] = lambda: check_sandbox(str(_JOB_SOCKET))
        found["Codex in the sandbox"] = lambda: check_sandbox(str(_JOB_SOCKET), *_CODEX)
        found["Chromium in the sandbox"] = lambda: check_sandbox(str(_JOB_SOCKET), str(chromium), *_CHROMIUM_OPTIONS)
    for folder in sorted(_BACKUPS.glob("*/")):
        found[f"backup of {folder.name}"] = partial(backup_finding, folder)
    if _CERTIFICATE.exists():
        found["certificate"] = partial(certificate_finding, _CERTIFICATE)
    return found


def _units() -> str:
    """All units that start with the machine, and all that have failed."""
    names = sorted({path.name for path in _UNITS.glob("*.wants/pagewright*")})
    states = dict(zip(names, _said("systemctl", "is-active", *names).split(), strict=True))
    failed = _said("systemctl", "list-units", "--failed", "--plain", "--no-legend", "pagewright*").splitlines()
    return units_finding(states | {line.split()[0]: "failed" for line in failed})


def units_finding(states: Mapping[str, str]) -> str:
    """How many units are active; raises Unavailable if one is not."""
    bad = {name: state for name, state in states.items() if state != "active"}
    if bad:
        first = next(iter(bad))
        raise Unavailable(
            f"{', '.join(f'{name} is {state}' for name, state in bad.items())}.",
            f"`journalctl -u {first} -n 50` says why; `systemctl restart {first}` tries again.",
        )
    return f"{len(states)} are active"


def daemon_finding(socket: Path) -> str:
    """What a daemon says of itself."""

    async def ask() -> Response:
        async with open_client(f"unix:{socket}", timeout=_PROGRAM_SECONDS) as client:
            return await client.get("/readyz")

    try:
        answer = asyncio.run(ask())
    except TransportError:
        unit = f"pagewright-{socket.parent.name.replace('worker-', 'worker@')}"
        raise Unavailable("It does not answer.", f"`journalctl -u {unit} -n 50` says why.") from None
    if answer.status_code != 200:
        raise from_problem(answer.status_code, answer.json())
    return "ready"


def _redis() -> str:
    # Loaded for this alone: its library would be a fifth of what each command of `pagewright` takes.
    from shared.clients.job_queue import JobQueue  # noqa: PLC0415

    async def ping(url: str) -> None:
        async with JobQueue.open(url, restart_seconds=0.5) as queue:
            await queue.ping()

    asyncio.run(ping(_REDIS.read_text(encoding="utf-8").strip()))
    return "answers"


def _disk() -> str:
    check_disk(_STATE)
    return f"{shutil.disk_usage(_STATE).free // 1_000_000} MB free at {_STATE}"


def _clock() -> str:
    """Certificates, sign-in links and leases of several hosts want the right time."""
    if _said("timedatectl", "show", "--property=NTPSynchronized", "--value").strip() != "yes":
        raise Unavailable("It is not set by a time server.", "Install the package systemd-timesyncd or chrony.")
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC, set by a time server"


def backup_finding(folder: Path) -> str:
    """The newest one's age; on a new host the first night has yet to come."""
    made = newest_time(folder)
    since = made or datetime.fromtimestamp(folder.stat().st_mtime, UTC)
    hours = round((datetime.now(UTC) - since).total_seconds() / 3600)
    if hours > _BACKUP_HOURS:
        unit = f"pagewright-backup-{folder.name}"
        raise Unavailable(
            f"The newest one is {hours} hours old." if made else f"None was made in {hours} hours.",
            f"`systemctl start {unit}` makes one; `journalctl -u {unit}` says what kept it.",
        )
    return f"the newest is {hours} hours old" if made else "none yet"


def certificate_finding(certificate: Path) -> str:
    """For how long it is still good."""
    said = _said("openssl", "x509", "-noout", "-enddate", "-in", str(certificate))
    days = (ssl.cert_time_to_seconds(said.strip().removeprefix("notAfter=")) - time.time()) / 86400
    if days < _CERTIFICATE_DAYS:
        raise Unavailable(
            f"It expires in {days:.0f} days." if days > 0 else "It has expired.",
            "Give the new one in the inventory and run site.yml; docs/operations.md says how.",
        )
    return f"good for {days:.0f} days"


def _said(*command: str) -> str:
    """What a program prints, whatever its exit status: some use it to say that something is wrong."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PROGRAM_SECONDS)
    return done.stdout
