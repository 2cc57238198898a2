"""A site's addresses: append-only, and the newest record tells all; moves are rare, so it is read when asked for."""

from datetime import UTC, datetime
from pathlib import Path

from daemons.storage.append_only_log import AppendOnlyLog
from shared.domain.errors import Conflict
from shared.domain.site_address import AddressMove, SiteAddress, address_of, next_address


class AddressLog:
    """The addresses of one site; one thread appends at a time, any may read."""

    def __init__(self, site: str, site_directory: Path, incoming: Path) -> None:
        self._site = site
        self.log = AppendOnlyLog(site_directory / "addresses", incoming)

    def newest(self) -> SiteAddress | None:
        """The newest record; None for a site that never moved. Raises the error of a damaged file."""
        latest = self.log.latest()
        return self.log.read_record(latest, SiteAddress) if latest else None

    def append(self, asked: AddressMove) -> tuple[SiteAddress, bool]:
        """Record a new address durably: it and True, or what stands and False if the site has this address already.

        Raises Conflict if it has neither this address nor the `expected` one, or if it never moved and shall not.
        """
        newest = self.newest()
        if newest and newest.address == asked.address:
            return newest, False
        if asked.expected != address_of(self._site, newest):
            raise _overtaken(self._site, newest, asked.expected)
        if asked.address == asked.expected:
            raise Conflict(f"The site {self._site} has this address.", "Nothing was changed. Choose another one.")
        record = next_address(newest, self._site, asked, datetime.now(UTC))
        self.log.append(record.number, record.model_dump_json().encode())
        return record, True


def _overtaken(site: str, newest: SiteAddress | None, expected: str) -> Conflict:
    if newest is None:
        return Conflict(f"The address is {site}; you had seen {expected}.", "Look at the site, and ask again.")
    return Conflict(
        f"{newest.by} moved the site to {newest.address} at {newest.at:%H:%M} UTC; you had seen {expected}.",
        "Nothing was changed. Look at the site, and ask again.",
    )
