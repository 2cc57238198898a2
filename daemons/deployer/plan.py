"""Decides what a site's directory needs, from what storage wants and what is on disk; does no I/O."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from shared.domain.vocabulary import SiteHead, Slot


@dataclass(frozen=True)
class OnDisk:
    """A site's directory: its releases, what each slot points at, and what crashes left behind.

    `unsound` are releases that have to be made anew; `before` is the one that `current` showed last. `is_public` says
    that `current` is there, whatever it is.
    """

    releases: frozenset[int] = frozenset()
    slots: Mapping[Slot, int] = field(default_factory=dict)
    leftovers: frozenset[str] = frozenset()
    unsound: frozenset[int] = frozenset()
    before: int | None = None
    is_before_outdated: bool = False
    is_public: bool = False


@dataclass(frozen=True)
class Sweep:
    """Delete what an interrupted run left behind."""

    name: str


@dataclass(frozen=True)
class Release:
    """Fetch, verify and unpack this version; `anew` in place of a release that is there."""

    version: int
    anew: bool = False


@dataclass(frozen=True)
class Switch:
    """Point the slot at this version, whose release exists."""

    slot: Slot
    version: int


@dataclass(frozen=True)
class Remove:
    """Delete the release of this version."""

    version: int


@dataclass(frozen=True)
class KeepBefore:
    """Remember that this is the release which `current` is about to leave."""

    version: int


@dataclass(frozen=True)
class ForgetBefore:
    """Forget the release before: no open page needs it any more."""


@dataclass(frozen=True)
class TakeDown:
    """Remove `current`: visitors get nothing any more."""


Action = Sweep | Release | Switch | Remove | KeepBefore | ForgetBefore | TakeDown


def wanted_versions(head: SiteHead) -> dict[Slot, int]:
    """What each slot should show, published pages first."""
    shown = head.shown
    return {slot: shown[slot] for slot in (Slot.CURRENT, Slot.PREVIEW) if slot in shown}


def is_behind(head: SiteHead, on_disk: OnDisk) -> bool:
    """Whether a slot shows another version than storage wants, or an unsound release, or what was taken down."""
    wanted = wanted_versions(head)
    return (
        any(on_disk.slots.get(slot) != version for slot, version in wanted.items())
        or bool(on_disk.unsound & {*wanted.values()})
        or (head.is_taken_down and on_disk.is_public)
    )


def plan(head: SiteHead, on_disk: OnDisk, keep: int, wished: Set[int] = frozenset()) -> list[Action]:
    """The actions in order; an empty list says that the host shows what storage wants.

    A slot is switched as soon as its release exists, published pages first. The `keep` newest releases stay, and so
    does everything that a slot shows or should show, what `current` showed before, and what is `wished` for because
    somebody looks at it; but nothing else that is unsound or that storage does not have. A slot that storage knows
    nothing of keeps what it shows; a site that was taken down is gone first, with what its open pages load.
    """
    wanted = wanted_versions(head)
    actions: list[Action] = [Sweep(name) for name in sorted(on_disk.leftovers)]
    present, unsound = set(on_disk.releases), set(on_disk.unsound & on_disk.releases)

    def release(version: int) -> None:
        if version not in present or version in unsound:
            actions.append(Release(version, anew=version in present))
            present.add(version)
            unsound.discard(version)

    before = _kept_before(head, on_disk)
    actions += _losses(head, on_disk, before)
    for slot, version in wanted.items():
        release(version)
        shown = on_disk.slots.get(slot)
        if shown != version:
            if slot is Slot.CURRENT and shown in present and shown is not None:
                actions.append(KeepBefore(shown))
                before = shown
            actions.append(Switch(slot, version))
    if head.latest is not None:
        release(head.latest)
        for version in sorted(wished):
            if version <= head.latest:
                release(version)
    newest = sorted(version for version in present - unsound if head.latest is None or version <= head.latest)[-keep:]
    kept = {*newest, *wanted.values(), *on_disk.slots.values(), *wished, before}
    return [*actions, *(Remove(version) for version in sorted(present - kept))]


def _losses(head: SiteHead, on_disk: OnDisk, before: int | None) -> Iterator[Action]:
    """What visitors get no longer."""
    if on_disk.before and before is None:
        yield ForgetBefore()
    if head.is_taken_down and on_disk.is_public:
        yield TakeDown()


def _kept_before(head: SiteHead, on_disk: OnDisk) -> int | None:
    """The release before, as long as open pages may load from it."""
    is_over = on_disk.is_before_outdated or head.is_taken_down
    return None if is_over or on_disk.before not in on_disk.releases else on_disk.before
