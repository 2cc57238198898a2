"""At which address visitors find a site, and which earlier ones lead there; a site's newest record tells all of it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from shared.domain.errors import Conflict
from shared.domain.vocabulary import Digest, Record, SiteName

MOST_FORMER = 50


class FormerAddress(Record):
    """An address that a site had; it leads to the present one until then, for ever without an end."""

    label: SiteName
    until: AwareDatetime | None = None

    def leads(self, now: datetime) -> bool:
        """Whether it still leads to the site."""
        return self.until is None or self.until > now


class SiteAddress(Record):
    """The record "visitors find this site at that address"; `number` counts a site's records from 1.

    A site without a record is found at its own name. The name stays what the site is called everywhere else.
    """

    number: Annotated[int, Field(ge=1)]
    site: SiteName
    address: SiteName
    former: tuple[FormerAddress, ...] = ()
    by: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    at: AwareDatetime

    def leading(self, now: datetime) -> tuple[FormerAddress, ...]:
        """The earlier addresses that still lead to the site."""
        return tuple(one for one in self.former if one.leads(now))

    def labels(self, now: datetime) -> Iterator[str]:
        """What no other site can have as its address: the site's name, its address, and what leads there."""
        yield from (self.site, self.address, *(one.label for one in self.leading(now)))


class SiteAddresses(Record):
    """The newest record of every site that ever moved, by site, and the digest of the list.

    The records of the sites in `unreadable` can't be read: nobody may conclude that these never moved.
    """

    digest: Digest
    items: tuple[SiteAddress, ...]
    unreadable: tuple[SiteName, ...] = ()


class AddressMove(Record):
    """What somebody asks for: the new address, until when the old one leads there, and the old one as they saw it."""

    address: SiteName
    forward_until: AwareDatetime | None
    by: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    expected: SiteName


def address_of(site: str, newest: SiteAddress | None) -> str:
    """Where visitors find a site."""
    return newest.address if newest else site


def next_address(newest: SiteAddress | None, site: str, asked: AddressMove, now: datetime) -> SiteAddress:
    """The record after the newest one: the address that is left leads to the new one until `forward_until`.

    What leads nowhere any more falls out, and so does the new address if the site had it before. Raises Conflict.
    """
    left = FormerAddress(label=address_of(site, newest), until=asked.forward_until)
    earlier = newest.former if newest else ()
    former = tuple(one for one in (*earlier, left) if one.leads(now) and one.label != asked.address)
    if len(former) > MOST_FORMER:
        raise Conflict(
            f"{MOST_FORMER} earlier addresses already lead to the site {site}.",
            "Nothing was changed. Go back to one of them, or wait until one of them ends.",
        )
    number = newest.number + 1 if newest else 1
    return SiteAddress(number=number, site=site, address=asked.address, former=former, by=asked.by, at=now)


def follows(record: SiteAddress, before: SiteAddress | None, site: str) -> bool:
    """Whether a record is what a move makes of the one before it."""
    left = address_of(site, before)
    until = next((one.until for one in record.former if one.label == left), record.at)
    asked = AddressMove(address=record.address, forward_until=until, by=record.by, expected=left)
    return record.address != left and record == next_address(before, site, asked, record.at)
