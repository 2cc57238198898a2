"""The report: what an operator wants to know at one look. A value without any I/O."""

from datetime import datetime
from enum import StrEnum

from shared.domain.job_records import QueueDepth, RunningJob
from shared.domain.model_facts import ModelFacts
from shared.domain.vocabulary import JobKind, Record, Slot, StorageStatus, VersionNumber


class PartName(StrEnum):
    """What PageWright is made of, as far as the api can ask it."""

    API = "api"
    DATABASE = "database"
    QUEUE = "queue"
    STORAGE = "storage"
    MODEL = "model"
    WEB_HOST = "web host"


class Part(Record):
    """One part: whether it answers and how fast, else why not. Each web host is a part and has an `address`.

    `release` is ours or, of what is not ours, the product and its version.
    """

    name: PartName
    address: str | None = None
    up: bool
    detail: str = ""
    hint: str = ""
    release: str | None = None
    milliseconds: float | None = None


class QueueReport(QueueDepth):
    """The queue, the jobs in workers' hands, and which Redis keeps it."""

    redis: str
    jobs: list[RunningJob]


class Lag(Record):
    """A slot that does not show what it should; `since` is when that was asked for. A version is null for nothing.

    `reason` is what the host says of it, empty if it has said nothing.
    """

    site: str
    slot: Slot
    shows: VersionNumber | None
    should_show: VersionNumber | None
    since: datetime
    reason: str = ""


class WebHost(Record):
    """What a web host serves against what it should; `compared` counts slots and is null if that is unknown.

    `refused` are the sites for which it does not follow storage, because storage has less than it told before.
    """

    address: str
    compared: int | None = None
    behind: tuple[Lag, ...] = ()
    refused: tuple[str, ...] = ()


class FailedJob(Record):
    """A job that failed and why, as its author was told."""

    job: str
    site: str
    kind: JobKind
    author: str
    reason: str
    hint: str
    at: datetime


class Publication(Record):
    """Who asked for a slot to show a version, or nothing."""

    by: str
    site: str
    slot: Slot
    version: VersionNumber | None
    at: datetime


class History(Record):
    """What SQL knows: how many sites and unfinished jobs, the last failures and publications, what changed last."""

    sites: int
    unfinished_jobs: int
    failed_jobs: list[FailedJob]
    publications: list[Publication]
    changed_sites: list[str]


class StatusReport(Record):
    """The whole system; what could not be asked is null. `troubles` are sentences, and empty if all is well.

    `database_backup_at` is null if no dump is seen, and is looked for if `database_backups_watched`. `sites` is how
    many the database knows.
    """

    at: datetime
    troubles: list[str]
    parts: list[Part]
    sites: int | None
    unfinished_jobs: int | None
    queue: QueueReport | None
    web_hosts: list[WebHost]
    storage: StorageStatus | None
    database_backups_watched: bool
    database_backup_at: datetime | None
    model: ModelFacts | None
    failed_jobs: list[FailedJob] | None
    publications: list[Publication] | None

    @property
    def backups(self) -> dict[str, datetime | None]:
        """When the newest backup of each thing was begun, None if there is none; only what could be looked at."""
        times: dict[str, datetime | None] = {}
        if self.storage and self.storage.backups_watched:
            times["storage"] = self.storage.backup_at
        if self.database_backups_watched:
            times["the database"] = self.database_backup_at
        return times
