"""What PageWright needs on a machine: each is a function that returns what it found, or raises what is wrong."""

import platform
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from cli.client import DEFAULT_URL, ApiClient
from cli.local.finding import api_of, is_checkout, local_run
from cli.local.folder import CHECKOUT, RunFolder, is_running
from cli.local.preflight import check_disk, check_port, check_sandbox
from cli.local.programs import Ports, codex_program
from cli.model_finding import try_model
from cli.server_findings import is_server, server_findings
from shared.domain.errors import NotFound, Unavailable
from shared.runtime.settings import BrowserSettings

_PROGRAM_SECONDS = 20


def _system() -> str:
    return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, Linux {platform.release()}, {platform.machine()}"


def _version(program: str | Path, *arguments: str, package: str) -> str:
    """The first line that a program says about its version."""
    if not Path(program).exists():
        raise NotFound(f"{program} is missing.", f"Run `make setup`, or install {package}.")
    command = [str(program), *arguments]
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=_PROGRAM_SECONDS
    )
    lines = (done.stdout + done.stderr).strip().splitlines()
    if done.returncode or not lines:
        raise Unavailable(f"{program} does not run.", f"Install {package} again.")
    return lines[0]


def _chromium() -> str:
    return _version(BrowserSettings().worker_chromium, "--version", package="chromium-headless-shell")


def _disk() -> str:
    folder = CHECKOUT
    check_disk(folder)
    return f"{shutil.disk_usage(folder).free // 1_000_000} MB free at {folder}"


def _ports() -> str:
    folder, ports = local_run(), Ports.chosen()
    if is_running(folder):
        return "in use by the system that runs from this folder"
    check_port(ports.ui, "PAGEWRIGHT_UI_PORT")
    check_port(ports.sites, "PAGEWRIGHT_SITES_PORT")
    return f"{ports.ui} and {ports.sites} are free"


def _local_system() -> str:
    folder = local_run()
    if not is_running(folder):
        return "not running"
    return f"answers at {_asked(folder)}"


def _asked(folder: RunFolder) -> str:
    known = api_of(folder)
    url = known.url or DEFAULT_URL
    ApiClient(url, known.token).get("/me")
    return url


def _model() -> str:
    folder = local_run()
    return try_model(folder.address("model"), folder.root / "secrets/model_ticket_key")


def findings() -> dict[str, Callable[[], str]]:
    """What to look at by name: an installation's host, or a checkout as the home of a local run."""
    here: dict[str, Callable[[], str]] = {"system": _system, "Python": platform.python_version}
    if is_server():
        return here | server_findings(BrowserSettings().worker_chromium)
    here |= {
        "Redis": lambda: _version("/usr/bin/redis-server", "--version", package="redis-server"),
        "nginx": lambda: _version("/usr/sbin/nginx", "-v", package="nginx"),
        "Chromium": _chromium,
        "sandbox": check_sandbox,
        "disk": _disk,
    }
    in_checkout: dict[str, Callable[[], str]] = {
        "Codex": lambda: _version(codex_program(), "--version", package="the npm packages"),
        "ports": _ports,
        "local system": _local_system,
    }
    if is_running(local_run()):
        in_checkout["model API"] = _model
    return here | (in_checkout if is_checkout() else {})
