"""The limits of each kind of sandboxed run, and what a person is told when one is reached."""

from daemons.worker.sandbox.plan import Limits
from shared.domain.errors import PageWrightError, TooLarge
from shared.runtime import metrics
from shared.runtime.settings import WorkerSettings

_REACHED = {
    "time": "took too long",
    "output": "wrote too much text",
    "workspace": "filled its space with files",
    "memory": "used too much memory",
}


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


def check_limit(limit: str | None, run: str, hint: str) -> None:
    """Raise the reason if a limit ended the run, such as "the edit"; what it left is not to be used."""
    if limit is None:
        return
    metrics.SANDBOX_KILLS.labels(limit).inc()
    reached = _REACHED.get(limit)
    if reached is None:
        raise PageWrightError(f"{run} stopped in the middle.", "Try again.")
    raise TooLarge(f"{run} {reached} and was stopped.", hint)
