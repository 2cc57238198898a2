"""A site as people see it: what SQL and storage know of it, put together; pure."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from daemons.api.accounts.site_access import SiteRow
from shared.domain.vocabulary import Record, SiteHead, Slot, VersionNumber

_OF_SQL_ALONE = {"owner_id", "removed_at", "removed_by", "gone_at"}
UNREADABLE = "Its versions can not be read. Tell an operator."


class SiteUrls(Record):
    """Where a slot of the site is served, once there is something in it."""

    current: str
    preview: str


class Site(Record):
    """A site; `latest` is its newest version, `slots` which version each slot is to show."""

    name: str
    title: str
    template: str | None
    owner: str
    created_at: datetime
    latest: VersionNumber | None
    slots: dict[Slot, VersionNumber]
    urls: SiteUrls
    trouble: Annotated[
        str,
        Field(
            exclude_if=lambda text: not text,
            description="In a list, why `latest` and `slots` are not known; left out if they are.",
        ),
    ] = ""


def site_from(row: SiteRow, head: SiteHead | None, sites_url: str) -> Site:
    """The site; its versions are not known if storage has no head to tell."""
    return Site(
        **row.model_dump(exclude=_OF_SQL_ALONE),
        latest=head.latest if head else None,
        slots={slot: deployment.version for slot, deployment in head.slots.items()} if head else {},
        urls=SiteUrls(
            current=sites_url.format(host=row.name),
            preview=sites_url.format(host=f"preview--{row.name}"),
        ),
        trouble="" if head else UNREADABLE,
    )
