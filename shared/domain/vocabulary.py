"""The words of PageWright as frozen values, without any I/O."""

import secrets
import time
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints, model_validator

from shared.domain.check_rules import CheckRules
from shared.domain.scope import Scope

SITE_NAME_PATTERN = r"^[a-z0-9](-?[a-z0-9])*$"
MESSAGE_LIMIT = 20_000

SiteName = Annotated[str, StringConstraints(pattern=SITE_NAME_PATTERN, max_length=40)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
JobId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{28}$")]
VersionNumber = Annotated[int, Field(ge=1, lt=2**53)]
Fence = Annotated[int, Field(ge=1, lt=2**53)]

# How "no version" is written in records: as a number that no version reaches. A release that does not know of it takes
# it for a version that is missing: that one site stands still, and every list can be read. See docs/decisions/0064.
_NOTHING = 2**53 - 1
# The version that a slot is to show, None for nothing.
ShownVersion = Annotated[
    VersionNumber | None,
    AfterValidator(lambda number: None if number == _NOTHING else number),
    PlainSerializer(lambda number: _NOTHING if number is None else number, when_used="json"),
]


def new_id() -> str:
    """An identifier of 28 hex digits: milliseconds since 1970, then 64 random bits; sorts by time."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(8)}"


class Record(BaseModel):
    """A value that crosses a process border: frozen, and strict about what it contains.

    Its errors don't repeat the value: a person may have written it, and errors end in the journal.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Slot(StrEnum):
    """Where a version can be shown."""

    PREVIEW = "preview"
    CURRENT = "current"


class JobKind(StrEnum):
    """What a job does to its site."""

    CREATE = "create"
    EDIT = "edit"
    IMPORT = "import"
    RESTORE = "restore"


class JobState(StrEnum):
    """Where a job stands; the last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        return self in (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED)


class Phase(StrEnum):
    """What the worker is doing with a running job, in this order."""

    FETCHING = "fetching"
    EDITING = "editing"
    BUILDING = "building"
    CHECKING = "checking"
    PACKAGING = "packaging"
    COMMITTING = "committing"


class ChatMessage(Record):
    """An earlier message of a site's chat, by its owner (`user`) or by the agent."""

    role: Annotated[str, StringConstraints(pattern=r"^(user|agent)$")]
    text: Annotated[str, StringConstraints(max_length=2_000)]


class JobRequest(Record):
    """What a person asked for; the queue carries it to a worker unchanged.

    `conversation` are the last chat messages before this one, oldest first, so that "make it bigger" means something.

    `base` is the version to start from (None: the newest), `template` and `title` belong to `create`,
    `upload` is the blob of an imported archive, `upload_name` the name it came with, and `root` the folder in it that
    is to become the site (None: the one that is found). `undo` is the version whose change a `restore` takes out of the
    newest one (None: it brings back `base` whole), `keep_asked` the version out of whose change it takes what
    nobody asked for. `scope` is what an edit concerns, if a person said so, `rules` what the site's owner says of its
    checks. Without these the JSON is such as an older release reads.
    """

    id: JobId
    site: SiteName
    kind: JobKind
    message: Annotated[str, StringConstraints(max_length=MESSAGE_LIMIT)]
    author: str
    conversation: Annotated[tuple[ChatMessage, ...], Field(max_length=20)] = ()
    base: VersionNumber | None = None
    template: str | None = None
    title: str | None = None
    upload: Digest | None = None
    upload_name: str | None = None
    root: Annotated[str | None, Field(max_length=512, exclude_if=lambda root: root is None)] = None
    undo: Annotated[VersionNumber | None, Field(exclude_if=lambda undo: undo is None)] = None
    keep_asked: Annotated[VersionNumber | None, Field(exclude_if=lambda keep: keep is None)] = None
    scope: Annotated[Scope | None, Field(exclude_if=lambda scope: scope is None)] = None
    rules: Annotated[CheckRules | None, Field(exclude_if=lambda rules: rules is None)] = None
    created_at: datetime


class Failure(Record):
    """Why a job failed, in words for the person who asked; `choices` are what to choose from, if that would help."""

    detail: str
    hint: str = ""
    choices: Annotated[tuple[str, ...], Field(exclude_if=lambda choices: not choices)] = ()


class Outcome(Record):
    """How a job ended. `answer` is what the agent said; `version` is None if nothing changed."""

    state: JobState
    version: VersionNumber | None = None
    answer: str = ""
    error: Failure | None = None

    @model_validator(mode="after")
    def _is_final(self) -> Self:
        if not self.state.final:
            raise ValueError("an outcome's state is final")
        return self


class Progress(Record):
    """One step of a running job that a person can read."""

    phase: Phase
    text: str = ""


class Deployment(Record):
    """The record "this slot is to show that version"; `number` counts a site's deployments from 1.

    Without a version visitors are to see nothing: the site was taken down.
    """

    number: Annotated[int, Field(ge=1)]
    site: SiteName
    slot: Slot
    version: ShownVersion
    by: str
    at: datetime


class SiteHead(Record):
    """What storage knows of a site: newest version and its stamp, highest fence, the desired version of each slot."""

    site: SiteName
    latest: VersionNumber | None = None
    stamp: int = 0
    fence: int = 0
    slots: dict[Slot, Deployment] = {}

    @property
    def shown(self) -> dict[Slot, int]:
        """The version of each slot that is to show one."""
        return {slot: desired.version for slot, desired in self.slots.items() if desired.version}

    @property
    def is_taken_down(self) -> bool:
        """Whether visitors are to see nothing, after they saw something."""
        return Slot.CURRENT in self.slots and Slot.CURRENT not in self.shown


class SiteNews(Record):
    """A site that changed: its head, and by version the digests of manifests that it shall show, as far as known."""

    head: SiteHead
    manifests: dict[VersionNumber, Digest] = {}


class WishedVersion(Record):
    """A version that somebody looks at: web hosts keep it for so many seconds from now on, besides their newest."""

    site: SiteName
    version: VersionNumber
    seconds: int


class ChangedSites(Record):
    """Sites with a new version or deployment since a cursor; `reset` means that any site may have changed.

    `news` tells of some of them what a deployer would ask next, `wished` are versions that are looked at, `moved` are
    sites that have another address; each is left out for deployers that don't ask for it.
    """

    cursor: str
    sites: tuple[SiteName, ...] = ()
    reset: bool = False
    news: Annotated[tuple[SiteNews, ...], Field(exclude_if=lambda news: not news)] = ()
    wished: Annotated[tuple[WishedVersion, ...], Field(exclude_if=lambda wished: not wished)] = ()
    moved: Annotated[tuple[SiteName, ...], Field(exclude_if=lambda moved: not moved)] = ()


class DamagedRecord(Record):
    """A record that storage can't read: the version or deployment of this number, or another `kind` without one."""

    site: SiteName
    kind: str
    number: int | None = None


class StorageStatus(Record):
    """How storage is: its release, how many sites it keeps, its disk, its backups, and what it can't read.

    `backup_at` is when the newest backup was begun, null if there is none or if not `backups_watched`. `damaged` has
    the first damaged records that storage met since it started; it is left out if there are none.
    """

    release: str
    sites: Annotated[int, Field(ge=0)]
    disk_free_bytes: Annotated[int, Field(ge=0)]
    disk_size_bytes: Annotated[int, Field(ge=0)]
    backups_watched: bool = False
    backup_at: datetime | None = None
    damaged: Annotated[tuple[DamagedRecord, ...], Field(exclude_if=lambda damaged: not damaged)] = ()
