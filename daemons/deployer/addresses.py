"""Decides what a host answers at which address, from storage's list of addresses and what is on disk; does no I/O."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime

from shared.domain.site_address import SiteAddress


@dataclass(frozen=True)
class Marks:
    """`served` are addresses that are no site's name, and the site that each shows; `moved` are labels that lead on.

    Each of these leads to an address, or nowhere (None) if it is the name of a site that has left it for good. On disk
    there may be more `targets` than labels lead to.
    """

    served: Mapping[str, str] = field(default_factory=dict)
    moved: Mapping[str, str | None] = field(default_factory=dict)
    targets: frozenset[str] = frozenset()

    def owner(self, label: str) -> str:
        """The site to which a label belongs that is served or leads on."""
        target = self.moved.get(label) or label
        return self.served.get(target, target)

    @property
    def owners(self) -> set[str]:
        """The sites that these marks are of."""
        return {self.owner(label) for label in (*self.served, *self.moved)}


@dataclass(frozen=True)
class Serve:
    """Show the site at this address, too."""

    site: str
    address: str


@dataclass(frozen=True)
class Unmark:
    """Let this label lead on no more."""

    site: str
    label: str


@dataclass(frozen=True)
class LeadOn:
    """Send who comes to this label to the address, or tell them that nothing is there."""

    site: str
    label: str
    address: str | None


@dataclass(frozen=True)
class Unserve:
    """Show the site at this address no more."""

    site: str
    address: str


@dataclass(frozen=True)
class DropTarget:
    """Forget an address to which nothing leads."""

    site: str
    address: str


Step = Serve | Unmark | LeadOn | Unserve | DropTarget


def wanted_marks(items: Iterable[SiteAddress], now: datetime) -> Marks:
    """What a host has of sites with these newest records. What somebody is at leads nowhere else."""
    records = tuple(items)
    addresses = {one.address for one in records}
    served = {one.address: one.site for one in records if one.address != one.site}
    gone = {one.site: None for one in records}
    leading = {former.label: one.address for one in records for former in one.leading(now)}
    return Marks(served, {label: to for label, to in {**gone, **leading}.items() if label not in addresses})


def next_end(items: Iterable[SiteAddress], now: datetime) -> datetime | None:
    """When the next address stops leading on."""
    return min((one.until for record in items for one in record.leading(now) if one.until), default=None)


def with_unknown(wanted: Marks, on_disk: Marks, known: Set[str]) -> Marks:
    """What is wanted, and what is there of sites that storage does not know: it may be one without its data."""
    served = {address: site for address, site in on_disk.served.items() if site not in known}
    moved = {label: to for label, to in on_disk.moved.items() if on_disk.owner(label) not in known}
    return Marks({**served, **wanted.served}, {**moved, **wanted.moved})


def steps(wanted: Marks, on_disk: Marks) -> Iterator[Step]:
    """How to get there, so that a site is found somewhere at every moment; nothing if it is so already.

    A label leads nowhere only after those that led to it lead on. After a step that failed, those of the same site can
    be left out.
    """
    for address, site in wanted.served.items():
        if on_disk.served.get(address) != site:
            yield Serve(site, address)
    for label in on_disk.moved:
        if label not in wanted.moved:
            yield Unmark(on_disk.owner(label), label)
    for label, to in sorted(wanted.moved.items(), key=lambda item: item[1] is None):
        if label not in on_disk.moved or on_disk.moved[label] != to:
            yield LeadOn(wanted.owner(label), label, to)
    for address, site in on_disk.served.items():
        if address not in wanted.served:
            yield Unserve(site, address)
    for address in sorted(on_disk.targets - {*wanted.served, *wanted.moved.values()}):
        yield DropTarget(on_disk.served.get(address, address), address)
