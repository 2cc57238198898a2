"""A site as people see it: what SQL and storage know of it, put together; pure."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from daemons.api.accounts.site_access import SiteRow
from daemons.api.jobs.site_marks import Ended
from shared.domain.check_rules import CheckRules
from shared.domain.vocabulary import Record, SiteHead, Slot, VersionNumber

_OF_SQL_ALONE = {"owner_id", "changed_at", "ended", "address", "removed_at", "removed_by", "gone_at"}
UNREADABLE = "Its versions can not be read. Tell an operator."


class WaitingFor(StrEnum):
    """What a site waits for its owner for."""

    QUESTION = "question"
    FAILED = "failed"
    PROBLEMS = "problems"
    UNPUBLISHED = "unpublished"


class SiteUrls(Record):
    """Where a slot of the site is served, once there is something in it."""

    current: str
    preview: str


class Site(Record):
    """A site; `latest` is its newest version, `slots` which version each slot is to show.

    `address` is the label under which visitors find it: its name, unless it was given another address.
    `changed_at` is when somebody last asked for something, a version was made or shown to visitors. `group` is its
    owner's own word for what it belongs to. `checks` are what its owner says of its checks, left out for nothing.
    """

    name: str
    title: str
    template: str | None
    owner: str
    created_at: datetime
    changed_at: datetime
    group: str | None
    latest: VersionNumber | None
    checks: Annotated[CheckRules | None, Field(exclude_if=lambda checks: checks is None)] = None
    slots: dict[Slot, VersionNumber]
    address: str
    urls: SiteUrls
    trouble: Annotated[
        str,
        Field(
            exclude_if=lambda text: not text,
            description="In a list, why `latest` and `slots` are not known; left out if they are.",
        ),
    ] = ""
    waiting: Annotated[
        WaitingFor | None,
        Field(exclude_if=lambda waiting: waiting is None, description="In a list, what its owner is to look at."),
    ] = None


def waiting_for(row: SiteRow, head: SiteHead | None, *, working: bool) -> WaitingFor | None:
    """What the site's owner is to look at; nothing while a request goes on, or if its versions are not known."""
    if working or head is None:
        return None
    if row.ended in (Ended.QUESTION, Ended.FAILED):
        return WaitingFor(row.ended)
    if (head.latest or 0) <= head.shown.get(Slot.CURRENT, 0):
        return None
    if head.is_taken_down and head.stamp <= head.slots[Slot.CURRENT].at.timestamp():  # its owner knew this version
        return None
    return WaitingFor.PROBLEMS if row.ended == Ended.PROBLEMS else WaitingFor.UNPUBLISHED


def site_from(row: SiteRow, head: SiteHead | None, sites_url: str) -> Site:
    """The site; its versions are not known if storage has no head to tell."""
    return Site(
        **row.model_dump(exclude=_OF_SQL_ALONE),
        changed_at=max(row.changed_at, row.created_at),
        latest=head.latest if head else None,
        slots=head.shown if head else {},
        address=row.label,
        urls=SiteUrls(
            current=sites_url.format(host=row.label),
            preview=sites_url.format(host=f"preview--{row.name}"),
        ),
        trouble="" if head else UNREADABLE,
    )
