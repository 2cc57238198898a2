"""What of a report an operator should do something about, as sentences; the limits are those of the alerts."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from daemons.api.status.report import Lag, PartName, QueueReport, StatusReport, WebHost
from shared.domain.model_facts import ModelFacts
from shared.domain.model_probe import ProbeVerdict
from shared.domain.vocabulary import DamagedRecord, StorageStatus

_WAIT_SECONDS = 300
_LAG = timedelta(seconds=60)
_REASONS = 3
_NAMED = 5
_FREE_RATIO = 0.1
_FREE_BYTES = 1_000_000_000
_BUDGET_RATIO = 0.8
_BACKUP_AGE = timedelta(hours=26)
_DAMAGED_MEANS = {
    "version": "That version can’t be shown, compared or worked on",
    "deployment": "Who published what can’t be told, and the site may not be published",
    "address": "Visitors find the site where they did, and it can’t move",
}
_NAMES = {
    PartName.API: "The api",
    PartName.DATABASE: "The database",
    PartName.QUEUE: "The job queue",
    PartName.STORAGE: "Storage",
    PartName.MODEL: "The model daemon",
    PartName.WEB_HOST: "The web host {}",
}


def problems(report: StatusReport) -> Iterator[str]:
    """One sentence for each trouble, the worst kind first."""
    for part in report.parts:
        if not part.up:
            yield f"{_NAMES[part.name].format(part.address)} is down."
    for host in report.web_hosts:
        yield from _lags(host, report.at)
        yield from _refused(host)
    if report.queue:
        yield from _queue(report.queue)
    if report.storage:
        yield from _storage(report.storage, report.sites)
    if report.model:
        yield from _budget(report.model)
        yield from _probe(report.model)
    for what, at in report.backups.items():
        if at is None:
            yield f"There is no backup of {what} yet."
        elif is_backup_old(at, report.at):
            yield f"The newest backup of {what} is more than {_BACKUP_AGE.total_seconds() / 3600:.0f} hours old."


def late_lags(host: WebHost, now: datetime) -> list[Lag]:
    """The lags that are longer than a host takes to catch up by itself, and those that it says it can't end."""
    return [lag for lag in host.behind if lag.reason or now - lag.since > _LAG]


def waits_too_long(queue: QueueReport) -> bool:
    """Whether a job waits that a worker could have taken long ago."""
    return queue.oldest_seconds > _WAIT_SECONDS


def is_disk_low(storage: StorageStatus) -> bool:
    """Whether storage will soon refuse new versions."""
    return storage.disk_free_bytes < max(_FREE_BYTES, _FREE_RATIO * storage.disk_size_bytes)


def is_backup_old(at: datetime, now: datetime) -> bool:
    """Whether the newest backup should have been followed by another one."""
    return now - at > _BACKUP_AGE


def _lags(host: WebHost, now: datetime) -> Iterator[str]:
    late = [lag for lag in late_lags(host, now) if lag.site not in host.refused]
    sites = len({lag.site for lag in late})
    if sites:
        reasons = "".join(f" {reason}" for reason in sorted({lag.reason for lag in late if lag.reason})[:_REASONS])
        yield f"The web host {host.address} is behind with {sites} {'site' if sites == 1 else 'sites'}.{reasons}"


def _refused(host: WebHost) -> Iterator[str]:
    if host.refused:
        yield (
            f"The web host {host.address} does not follow storage for {_named(host.refused)}: storage is older than "
            "what it told before, and visitors see what they saw. Put the newer storage back, or, if the older one is "
            "meant, run `pagewright confirm-storage` on that host."
        )


def _named(names: Sequence[str]) -> str:
    shown, rest = names[:_NAMED], len(names) - _NAMED
    return ", ".join(shown) + (f" and {rest:,} more" if rest > 0 else "")


def _queue(queue: QueueReport) -> Iterator[str]:
    lost = [job for job in queue.jobs if job.lease_seconds < 0]
    for job in lost:
        yield f"Worker {job.worker} has left its job for {job.site}, and no other worker has taken it over."
    if waits_too_long(queue):
        nobody = " No worker is at work." if len(lost) == len(queue.jobs) else ""
        yield f"A job has been waiting for more than {_WAIT_SECONDS // 60} minutes.{nobody}"


def _storage(storage: StorageStatus, known_sites: int | None) -> Iterator[str]:
    if is_disk_low(storage):
        yield "Storage’s disk is nearly full."
    for record in storage.damaged[:_NAMED]:
        yield _damaged(record)
    if len(storage.damaged) > _NAMED:
        rest = len(storage.damaged) - _NAMED
        yield f"And storage can’t read {rest} more records at least; `pagewright verify` names all."
    # Every site is in SQL before storage hears of it, unless SQL was restored from an older backup.
    orphans = 0 if known_sites is None else storage.sites - known_sites
    if orphans > 0:
        have = "A site in storage has" if orphans == 1 else f"{orphans} sites in storage have"
        yield f"{have} no owner; `pagewright site orphans` names {'it' if orphans == 1 else 'them'}."


def _damaged(record: DamagedRecord) -> str:
    which = f"{record.kind} {record.number}" if record.number else f"the {record.kind}"
    meaning = _DAMAGED_MEANS.get(record.kind, "The site may not be changed or published")
    return (
        f"Storage can’t read {which} of {record.site}. {meaning} until the file is restored: `pagewright verify` on "
        "storage’s machine names it, docs/backup.md tells where backups are."
    )


def _budget(model: ModelFacts) -> Iterator[str]:
    if model.day_tokens and model.day_budget_tokens and model.day_tokens > _BUDGET_RATIO * model.day_budget_tokens:
        yield f"{model.day_tokens / model.day_budget_tokens:.0%} of the model’s tokens for today are used."


def _probe(model: ModelFacts) -> Iterator[str]:
    if model.probe and model.probe.verdict is ProbeVerdict.UNUSABLE:
        yield f"The model is {model.probe.sentence}. `pagewright doctor` tries it again."
