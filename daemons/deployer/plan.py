"""Decides what a site's directory needs, from what storage wants and what is on disk; does no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.vocabulary import SiteHead, Slot


@dataclass(frozen=True)
class OnDisk:
    """A site's directory: releases that are whole, what each slot points at, and what crashes left behind."""

    releases: frozenset[int] = frozenset()
    slots: Mapping[Slot, int] = field(default_factory=dict)
    leftovers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Sweep:
    """Delete what an interrupted run left behind."""

    name: str


@dataclass(frozen=True)
class Release:
    """Fetch, verify and unpack this version."""

    version: int


@dataclass(frozen=True)
class Switch:
    """Point the slot at this version, whose release exists."""

    slot: Slot
    version: int


@dataclass(frozen=True)
class Remove:
    """Delete the release of this version."""

    version: int


Action = Sweep | Release | Switch | Remove


def is_behind(head: SiteHead, on_disk: OnDisk) -> bool:
    """Whether a slot shows another version than storage wants."""
    return any(on_disk.slots.get(slot) != head.slots[slot].version for slot in Slot if slot in head.slots)


def plan(head: SiteHead, on_disk: OnDisk, keep: int) -> list[Action]:
    """The actions in order; an empty list says that the host shows what storage wants.

    A slot is switched as soon as its release exists, published pages first. The `keep` newest releases stay, and so
    does everything that a slot shows or should show. A slot that storage knows nothing of keeps what it shows.
    """
    wanted = {slot: head.slots[slot].version for slot in (Slot.CURRENT, Slot.PREVIEW) if slot in head.slots}
    actions: list[Action] = [Sweep(name) for name in sorted(on_disk.leftovers)]
    present = set(on_disk.releases)

    def release(version: int) -> None:
        if version not in present:
            actions.append(Release(version))
            present.add(version)

    for slot, version in wanted.items():
        release(version)
        if on_disk.slots.get(slot) != version:
            actions.append(Switch(slot, version))
    if head.latest is not None:
        release(head.latest)
    kept = {*sorted(present)[-keep:], *wanted.values(), *on_disk.slots.values()}
    return [*actions, *(Remove(version) for version in sorted(present - kept))]
