"""The limits of each kind of sandboxed run, and the error that a person gets when a run reaches one."""

from daemons.worker.sandbox.plan import RunLimits
from shared.domain.errors import PageWrightError, TooLarge
from shared.runtime import metrics
from shared.runtime.settings import WorkerSettings

_REACHED = {
    "time": "took too long",
    "output": "wrote too much text",
    "workspace": "filled its space with files",
    "memory": "used too much memory",
}


def _limits(settings: WorkerSettings, seconds: float) -> RunLimits:
    return RunLimits(
        wall_seconds=seconds,
        memory_bytes=settings.worker_memory_bytes,
        processes=settings.worker_processes,
        workspace_bytes=settings.worker_workspace_bytes,
    )


def edit_limits(settings: WorkerSettings) -> RunLimits:
    """The limits of Codex and what it starts."""
    return _limits(settings, settings.worker_edit_seconds)


def check_limits(settings: WorkerSettings) -> RunLimits:
    """The limits of our own programs: the browser with the checks, and the reader of uploads."""
    return _limits(settings, settings.worker_check_seconds)


def check_limit(limit: str | None, run: str, hint: str) -> None:
    """Raise the reason if a limit ended `run`, such as "The edit": what such a run leaves must not be used."""
    if limit is None:
        return
    metrics.SANDBOX_KILLS.labels(limit).inc()
    reached = _REACHED.get(limit)
    if reached is None:
        raise PageWrightError(f"{run} stopped in the middle.", "Try again.")
    raise TooLarge(f"{run} {reached} and was stopped.", hint)
