"""A site's deployments: append-only, and each entry repeats what the other slot shows.

So one read of the newest entry tells the desired version of every slot after a restart, and there is no second file
that could disagree with the history.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from daemons.storage.append_only_log import AppendOnlyLog, page
from shared.domain.errors import Conflict
from shared.domain.vocabulary import Deployment, Record, Slot

_MOST_PUBLISHED = 20


class DeploymentEntry(Record):
    """A deployment, and what the other slots showed at that moment."""

    deployment: Deployment
    others: tuple[Deployment, ...] = ()

    @property
    def slots(self) -> dict[Slot, Deployment]:
        return {standing.slot: standing for standing in (*self.others, self.deployment)}


def _overtaken(slot: Slot, expected: int, standing: Deployment | None) -> Conflict:
    seen = f"version {expected}" if expected else "none"
    is_public = slot is Slot.CURRENT
    if standing is None:
        where = "published" if is_public else f"in {slot}"
        return Conflict(f"No version is {where}; you expected {seen}.", "Look at the site, and ask again.")
    if standing.version is None:
        told = f"{standing.by} took the site down at {standing.at:%H:%M} UTC; you had seen {seen} there."
        return Conflict(told, "Nothing was changed. If visitors shall see your version, ask again.")
    did = f"published version {standing.version}" if is_public else f"put version {standing.version} in {slot}"
    return Conflict(
        f"{standing.by} {did} at {standing.at:%H:%M} UTC; you had seen {seen} there.",
        f"Nothing was changed. Look at version {standing.version}; if yours shall replace it, ask again.",
    )


class DeploymentLog:
    """The deployments of one site; one thread appends at a time, any may read."""

    def __init__(self, site: str, site_directory: Path, incoming: Path) -> None:
        self._site = site
        self.log = AppendOnlyLog(site_directory / "deployments", incoming)
        self._latest = self.log.latest()
        self.slots = self.read(self._latest).slots if self._latest else {}
        self._published: tuple[Deployment, ...] | None = None

    def read(self, number: int) -> DeploymentEntry:
        return self.log.read_record(number, DeploymentEntry)

    def append(self, slot: Slot, version: int | None, by: str, expected: int | None = None) -> tuple[Deployment, bool]:
        """Record the desired version durably: it and True, or what stands and False if the slot shows it already.

        Without a version the slot is to show nothing. Raises Conflict if it shows neither this version nor the
        `expected` one (0: none), or if it has never shown anything that could be taken down.
        """
        standing = self.slots.get(slot)
        if standing and standing.version == version:
            return standing, False
        if expected is not None and expected != ((standing and standing.version) or 0):
            raise _overtaken(slot, expected, standing)
        if version is None and standing is None:
            raise Conflict("Visitors see nothing of this site: no version was ever published.", "Nothing was changed.")
        deployment = Deployment(
            number=self._latest + 1, site=self._site, slot=slot, version=version, by=by, at=datetime.now(UTC)
        )
        entry = DeploymentEntry(deployment=deployment, others=tuple(d for s, d in self.slots.items() if s is not slot))
        self.log.append(deployment.number, entry.model_dump_json().encode())
        self._latest, self.slots = deployment.number, entry.slots
        if slot is Slot.CURRENT and self._published is not None:
            self._published = (deployment, *self._published)[:_MOST_PUBLISHED]
        return deployment, True

    def published(self) -> tuple[Deployment, ...]:
        """What visitors were to see, newest first: the last 20 publications, which are read once."""
        if self._published is None:
            self._published = tuple(islice(self._publications(), _MOST_PUBLISHED))
        return self._published

    def _publications(self) -> Iterator[Deployment]:
        """Each names the one before: the entry that precedes it repeats what `current` showed then."""
        standing = self.slots.get(Slot.CURRENT)
        while standing:
            yield standing
            standing = self.read(standing.number - 1).slots.get(Slot.CURRENT) if standing.number > 1 else None

    def page(self, before: int | None, limit: int) -> tuple[list[Deployment], int | None]:
        """Deployments, newest first, and the next page's `before`."""
        numbers, following = page(self._latest, before, limit)
        return [self.read(number).deployment for number in numbers], following
