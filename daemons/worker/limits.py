"""The limits of each kind of sandboxed run."""

from daemons.worker.sandbox.plan import Limits
from shared.settings import WorkerSettings
from shared.tree import DEFAULT_LIMITS

_OUTPUT_BYTES = 64 << 20


def _limits(settings: WorkerSettings, seconds: float, memory_bytes: int | None) -> Limits:
    return Limits(
        wall_seconds=seconds,
        memory_bytes=memory_bytes,
        processes=settings.worker_processes,
        workspace_bytes=settings.worker_workspace_bytes,
        workspace_files=DEFAULT_LIMITS.files,
        file_bytes=settings.worker_workspace_bytes,
        output_bytes=_OUTPUT_BYTES,
    )


def edit_limits(settings: WorkerSettings) -> Limits:
    """For Codex and what it starts."""
    return _limits(settings, settings.worker_edit_seconds, settings.worker_memory_bytes)


def check_limits(settings: WorkerSettings) -> Limits:
    """For Chromium, which reserves far more address space than it uses: no limit of that kind is possible.

    The session waits for the edit with its program already started, so its clock covers both.
    """
    return _limits(settings, settings.worker_edit_seconds + settings.worker_check_seconds, None)


def import_limits(settings: WorkerSettings) -> Limits:
    """For reading an uploaded archive."""
    return _limits(settings, settings.worker_check_seconds, settings.worker_memory_bytes)
