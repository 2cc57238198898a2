"""The programs that a sandbox mounts read-only: where they lie on this machine, and where inside."""

import os
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import shared
from daemons.worker.codex.command import codex_version
from daemons.worker.sandbox.backends.choice import choose_backend
from daemons.worker.sandbox.jail import Backend
from daemons.worker.sandbox.plan import Mount
from daemons.worker.sandbox.python_packages import LIBRARIES, LIBRARY_FILES, OWN_FOLDERS, PROJECT, PYTHONPATH
from shared.runtime.settings import WorkerSettings

_PROJECT = Path(next(iter(shared.__path__))).parent
# Chromium reads its fonts and Debian's wrapper script through these.
_SYSTEM_FOLDERS = ("/etc/fonts", "/etc/chromium.d", "/etc/alternatives")


@dataclass(frozen=True)
class Programs:
    """The programs that this machine offers to sandboxed runs, and the backend that makes the sandbox.

    `axe` is the text of axe-core, which the checks run in each page; empty to do without.
    """

    codex: Path
    codex_version: str
    chromium: Path
    backend: Backend
    axe: bytes = b""

    def python(self, module: str, *arguments: str) -> tuple[str, ...]:
        """The command line of one of our modules inside the sandbox."""
        return (f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}", "-B", "-m", module, *arguments)

    @property
    def python_environment(self) -> dict[str, str]:
        return {"PYTHONPATH": PYTHONPATH}

    @property
    def python_mounts(self) -> tuple[Mount, ...]:
        """Our own modules and the libraries they import."""
        libraries = Path(sysconfig.get_paths()["purelib"])
        return (
            *(Mount(_PROJECT / folder, f"{PROJECT}/{folder}") for folder in OWN_FOLDERS),
            *(Mount(libraries / name, f"{LIBRARIES}/{place}") for place, name in LIBRARY_FILES.items()),
        )

    @property
    def browser_mounts(self) -> tuple[Mount, ...]:
        return tuple(Mount(Path(folder), folder) for folder in _SYSTEM_FOLDERS if os.path.isdir(folder))  # noqa: PTH112


def find_programs(settings: WorkerSettings) -> Programs:
    """The programs that the settings name. Raises OSError if Codex does not run, or axe-core is not there."""
    settings.worker_directory.mkdir(parents=True, exist_ok=True)
    return Programs(
        codex=settings.worker_codex,
        codex_version=codex_version(settings.worker_codex),
        chromium=settings.worker_chromium,
        backend=choose_backend(settings.worker_sandbox),
        axe=(settings.worker_assets or _PROJECT / "node_modules").joinpath("axe-core", "axe.min.js").read_bytes(),
    )
