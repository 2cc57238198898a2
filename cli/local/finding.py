"""Finds the local run for every command, from any folder: where it keeps its state, and which API it has."""

import os
import shlex
from dataclasses import dataclass

from cli.local.folder import CHECKOUT, RUN_DIRECTORY, RunFolder, open_run_folder, run_root
from shared.domain.errors import NotFound


@dataclass(frozen=True)
class KnownApi:
    """The URL of an API and a token for it, as far as known."""

    url: str | None = None
    token: str | None = None


def local_run() -> RunFolder:
    """The folder of the local run; raises NotFound where there can be none, as on a server."""
    if not is_checkout():
        server = "On a server: systemctl start pagewright-backup-database pagewright-backup-storage"
        raise NotFound("This is no checkout with a system of `make run`.", server)
    return open_run_folder()


def is_checkout() -> bool:
    """Whether this program is one of a checkout, where `make run` works, or the environment names a local run."""
    return bool(os.environ.get(RUN_DIRECTORY)) or (CHECKOUT / "Makefile").exists()


def local_api() -> KnownApi:
    """The API of the local run; empty if there is none yet, or if it belongs to somebody else."""
    return api_of(RunFolder.at(run_root())) if is_checkout() else KnownApi()


def api_of(folder: RunFolder) -> KnownApi:
    """What the folder's file `env` says."""
    try:
        words = shlex.split(folder.environment_file.read_text(encoding="utf-8"))
    except (FileNotFoundError, PermissionError, NotADirectoryError):
        return KnownApi()
    known = dict(word.split("=", 1) for word in words if "=" in word)
    return KnownApi(known.get("PAGEWRIGHT_URL"), known.get("PAGEWRIGHT_TOKEN"))
