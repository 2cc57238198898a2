"""The report on the whole system as the pieces that its page shows; pure."""

from datetime import datetime
from typing import Literal

from daemons.api.status.parts import seen_of_model
from daemons.api.status.problems import is_backup_old, is_disk_low, late_lags, waits_too_long
from daemons.api.status.report import Lag, Part, PartName, QueueReport, StatusReport, WebHost
from htmx_ui.status_parts import FailedJobRow, JobRow, PartRow, PublicationRow, Tile
from htmx_ui.wording import ENGLISH
from shared.domain.job_records import RunningJob

_LAGS_SHOWN = 5


def part_rows(report: StatusReport) -> tuple[PartRow, ...]:
    """Every part; a web host tells also whether it shows what it should."""
    hosts = {host.address: host for host in report.web_hosts}
    return tuple(_part_row(part, hosts.get(part.address or ""), report) for part in report.parts)


def tiles(report: StatusReport) -> tuple[Tile, ...]:
    """The numbers to see at once."""
    return (*_queue_tiles(report.queue, report.unfinished_jobs), *_storage_tiles(report))


def job_rows(report: StatusReport) -> tuple[JobRow, ...] | None:
    """Which worker does what; None if the queue can't tell."""
    return tuple(_job_row(job, report.at) for job in report.queue.jobs) if report.queue else None


def failed_rows(report: StatusReport) -> tuple[FailedJobRow, ...] | None:
    """The jobs that failed."""
    if report.failed_jobs is None:
        return None
    return tuple(FailedJobRow(**job.model_dump(exclude={"kind"})) for job in report.failed_jobs)


def publication_rows(report: StatusReport) -> tuple[PublicationRow, ...] | None:
    """The publications."""
    if report.publications is None:
        return None
    return tuple(PublicationRow(**publication.model_dump()) for publication in report.publications)


def _part_row(part: Part, host: WebHost | None, report: StatusReport) -> PartRow:
    now = report.at
    name = f"Web host {part.address}" if part.address else part.name.capitalize()
    seen = seen_of_model(report.model) if part.name is PartName.MODEL else ""
    notes = (part.detail, part.hint, seen, *(_host_notes(host, now) if host and part.up else ()))
    state: Literal["behind", "up"] = "behind" if host and late_lags(host, now) else "up"
    return PartRow(name, state if part.up else "down", tuple(filter(None, notes)), part.release, part.milliseconds)


def _host_notes(host: WebHost, now: datetime) -> list[str]:
    if host.compared is None:
        return ["What it should show is not known."]
    if host.compared == 0:
        return ["There is nothing yet that it should show."]
    if not host.behind:
        return [f"Up to date: {_count(host.compared, 'slot')} of the newest deployments compared."]
    rest = len(host.behind) - _LAGS_SHOWN
    return [_lag(lag, now) for lag in host.behind[:_LAGS_SHOWN]] + ([f"And {rest} more."] if rest > 0 else [])


def _lag(lag: Lag, now: datetime) -> str:
    if lag.shows == lag.should_show:
        return f"{lag.site} ({lag.slot}): {lag.reason}"
    shows = f"version {lag.shows}" if lag.shows else "nothing"
    late = ENGLISH.duration((now - lag.since).total_seconds())
    wanted = lag.should_show or "nothing"
    return f"{lag.site} ({lag.slot}) shows {shows}, should show {wanted}, for {late}. {lag.reason}".rstrip()


def _job_row(job: RunningJob, now: datetime) -> JobRow:
    return JobRow(
        site=job.site,
        worker=job.worker,
        phase=job.phase,
        seconds=(now - job.claimed_at).total_seconds() if job.claimed_at else None,
        attempt=job.attempt,
        stopping=job.cancel_asked,
        lost_seconds=-job.lease_seconds if job.lease_seconds < 0 else None,
    )


def _queue_tiles(queue: QueueReport | None, unfinished: int | None) -> tuple[Tile, ...]:
    if queue is None:
        note = f"{_count(unfinished, 'job')} recorded, none is lost" if unfinished else ""
        return (Tile("Waiting", None, note, bad=True), Tile("Running", None), Tile("Given up", None))
    at_work = {job.worker for job in queue.jobs if job.lease_seconds >= 0}
    oldest = f"the oldest for {ENGLISH.duration(queue.oldest_seconds)}" if queue.queued else "nobody has to wait"
    return (
        Tile("Waiting", f"{queue.queued:,}", oldest, bad=waits_too_long(queue)),
        Tile("Running", f"{queue.running:,}", _count(len(at_work), "worker") + " at work"),
        Tile("Given up", f"{queue.dead:,}", "after three attempts each"),
    )


def _storage_tiles(report: StatusReport) -> tuple[Tile, ...]:
    storage = report.storage
    backups = _backup_tile(report)
    if storage is None:
        return (Tile("Disk free", None, bad=True), Tile("Sites", None), backups)
    size = f"of {ENGLISH.file_size(storage.disk_size_bytes)} of storage"
    return (
        Tile("Disk free", ENGLISH.file_size(storage.disk_free_bytes), size, bad=is_disk_low(storage)),
        Tile("Sites", f"{storage.sites:,}", "in storage"),
        backups,
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _backup_tile(report: StatusReport) -> Tile:
    """The older of the two newest backups, for a restore needs both; no time while one is missing or not known."""
    known = report.backups
    missing = [what for what, at in known.items() if at is None]
    times = [at for at in known.values() if at]
    if missing:
        return Tile("Last backup", "None yet", f"of {' and '.join(missing)}", bad=True)
    if report.storage is None:
        return Tile("Last backup", None, "storage can’t be asked")
    if unwatched := [what for what in ("storage", "the database") if what not in known]:
        return Tile("Last backup", None, f"not set up for {unwatched[0]}" if known else "not set up")
    oldest = min(times)
    old = is_backup_old(oldest, report.at)
    return Tile("Last backup", ENGLISH.relative_time(oldest, report.at), f"of {' and '.join(known)}", bad=old)
