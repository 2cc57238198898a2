"""Chooses the backend that makes the sandboxes of this worker."""

from pathlib import Path

from daemons.worker.sandbox.backends.bubblewrap import open_bubblewrap
from daemons.worker.sandbox.backends.systemd_unit import job_unit
from daemons.worker.sandbox.jail import Backend

BUBBLEWRAP = "bubblewrap"


def choose_backend(setting: str) -> Backend:
    """The backend for the setting `worker_sandbox`: bubblewrap, or systemd's socket at this path."""
    return open_bubblewrap if setting == BUBBLEWRAP else job_unit(Path(setting))
