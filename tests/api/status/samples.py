"""Reports on the system and the parts that they are made of, as tests need them."""

import re
from datetime import UTC, datetime, timedelta

from daemons.api.status.report import Lag, QueueReport, StatusReport, WebHost
from shared.domain.job_records import RunningJob
from shared.domain.model_facts import ModelFacts
from shared.domain.model_probe import ModelProbe, ProbeVerdict
from shared.domain.vocabulary import DamagedRecord, Slot, StorageStatus, new_id

# What a page in German has nowhere, but for what people wrote and for commands.
ENGLISH_WORDS = re.compile(r"\b(?:the|is|are|has|have|of|and|not|that|this|with|your|you|it|for|to|were)\b")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
GB = 1_000_000_000
MISSING = -1


def report(**more: object) -> StatusReport:
    nothing: dict[str, object] = dict.fromkeys(StatusReport.model_fields) | {"database_backups_watched": False}
    return StatusReport.model_validate(nothing | {"at": NOW, "troubles": [], "parts": [], "web_hosts": []} | more)


def queue(*jobs: RunningJob, oldest_seconds: float = 0) -> QueueReport:
    queued = int(oldest_seconds > 0)
    return QueueReport(
        queued=queued,
        running=len(jobs),
        oldest_seconds=oldest_seconds,
        dead=3,
        expired=2,
        redis="Redis 7.0.15",
        jobs=list(jobs),
    )


def job(lease_seconds: float) -> RunningJob:
    return RunningJob(
        job=new_id(),
        site="bakery",
        worker="w1" if lease_seconds < 0 else "w2",
        attempt=1,
        claimed_at=NOW,
        phase=None,
        cancel_asked=False,
        lease_seconds=lease_seconds,
    )


def disk(free: int, size: int) -> StorageStatus:
    return StorageStatus(release="1", sites=1, disk_free_bytes=free, disk_size_bytes=size)


def damaged(*records: DamagedRecord) -> StorageStatus:
    return disk(11 * GB, 100 * GB).model_copy(update={"damaged": records})


def backups(*hours: float | None) -> dict[str, object]:
    """What is known of those of storage and of the database: their age, MISSING, or None if they are not watched."""
    storage, database = (
        {"backups_watched": age is not None, "backup_at": NOW - timedelta(hours=age) if age and age > 0 else None}
        for age in hours
    )
    known: dict[str, object] = {f"database_{name}": value for name, value in database.items()}
    return known | {"storage": disk(11 * GB, 100 * GB).model_copy(update=storage)}


def model(used: int, probe: ModelProbe | None = None) -> ModelFacts:
    return ModelFacts(name="m", practice=False, day_tokens=used, day_budget_tokens=100, probe=probe)


def probed(verdict: ProbeVerdict) -> ModelProbe:
    return ModelProbe(
        at=NOW, verdict=verdict, done=("it read what a command printed",), missed=("it did not run a command",)
    )


def host(*seconds: float) -> WebHost:
    lags = [
        Lag(site=f"s{place}", slot=Slot.CURRENT, shows=None, should_show=1, since=NOW - timedelta(seconds=late))
        for place, late in enumerate(seconds)
    ]
    return WebHost(address="a:1", compared=9, behind=tuple(lags))


def refusing(*reasons: str) -> WebHost:
    """A host that says at once why it can't show what was asked for just now."""
    lags = zip(host(*(1 for _ in reasons)).behind, reasons, strict=True)
    return WebHost(
        address="a:1", compared=9, behind=tuple(lag.model_copy(update={"reason": reason}) for lag, reason in lags)
    )
