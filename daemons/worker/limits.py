"""The limits of each kind of sandboxed run."""

from daemons.worker.sandbox.plan import Limits
from shared.settings import WorkerSettings


def _limits(settings: WorkerSettings, seconds: float) -> Limits:
    return Limits(
        wall_seconds=seconds,
        memory_bytes=settings.worker_memory_bytes,
        processes=settings.worker_processes,
        workspace_bytes=settings.worker_workspace_bytes,
    )


def edit_limits(settings: WorkerSettings) -> Limits:
    """For Codex and what it starts."""
    return _limits(settings, settings.worker_edit_seconds)


def check_limits(settings: WorkerSettings) -> Limits:
    """For our own programs: the browser with the checks, and the reader of uploads."""
    return _limits(settings, settings.worker_check_seconds)
