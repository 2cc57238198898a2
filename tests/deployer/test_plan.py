"""The deployer's decisions, without any disk."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from daemons.deployer.plan import (
    Action,
    ForgetBefore,
    KeepBefore,
    OnDisk,
    Release,
    Remove,
    Sweep,
    Switch,
    TakeDown,
    is_behind,
    plan,
)
from shared.domain.vocabulary import Deployment, SiteHead, Slot

_NUMBERS = st.integers(1, 9)
_SLOTS = st.dictionaries(st.sampled_from(Slot), _NUMBERS)
_WISHES = st.tuples(_SLOTS, st.booleans()).map(lambda wish: wish[0] | ({Slot.CURRENT: None} if wish[1] else {}))
_DISKS = st.builds(
    OnDisk,
    st.frozensets(_NUMBERS),
    _SLOTS,
    st.frozensets(st.sampled_from([".incoming-3", ".x"])),
    st.frozensets(_NUMBERS),
    st.none() | _NUMBERS,
    st.booleans(),
    st.booleans(),
)


def _head(slots: Mapping[Slot, int | None], latest: int | None) -> SiteHead:
    def desired(slot: Slot, version: int | None) -> Deployment:
        return Deployment(number=1, site="bakery", slot=slot, version=version, by="ana", at=datetime.now(UTC))

    return SiteHead(
        site="bakery", latest=latest, slots={slot: desired(slot, version) for slot, version in slots.items()}
    )


def _carried_out(disk: OnDisk, actions: list[Action]) -> OnDisk:
    """What is on disk afterwards; no action may be impossible when its turn comes."""
    releases, slots, leftovers = set(disk.releases), dict(disk.slots), set(disk.leftovers)
    unsound, before, is_public = set(disk.unsound), disk.before, disk.is_public or Slot.CURRENT in disk.slots
    for action in actions:
        match action:
            case Release(version, anew):
                assert anew == (version in releases)
                releases.add(version)
                unsound.discard(version)
            case KeepBefore(version):
                assert version in releases
                before = version
            case ForgetBefore():
                assert before is not None
                before = None
            case Switch(slot, version):
                assert version in releases - unsound, "a slot never points at nothing, or at damaged bytes"
                slots[slot] = version
                is_public |= slot is Slot.CURRENT
            case TakeDown():
                assert is_public
                slots.pop(Slot.CURRENT, None)
                is_public = False
            case Remove(version):
                releases.remove(version)
                assert version not in slots.values(), "what is shown is never removed"
            case Sweep(name):
                leftovers.remove(name)
    return OnDisk(frozenset(releases), slots, frozenset(leftovers), frozenset(unsound), before, is_public=is_public)


@given(_WISHES, st.integers(9, 12) | st.none(), _DISKS, st.integers(1, 4))
def test_a_plan_leads_to_what_storage_wants(
    slots: dict[Slot, int | None], latest: int | None, disk: OnDisk, keep: int
) -> None:
    """I5: from any state of the disk, in at most two rounds, and then there is nothing left to do."""
    head = _head(slots, latest)
    disk = replace(disk, is_public=disk.is_public or Slot.CURRENT in disk.slots)
    first = _carried_out(disk, plan(head, disk, keep))
    assert {slot: first.slots.get(slot) for slot in slots} == slots
    assert not is_behind(head, first)
    assert not first.leftovers
    assert not first.unsound & {*slots.values()}
    if latest is not None:
        assert latest in first.releases - first.unsound
    second = _carried_out(first, plan(head, first, keep))
    assert plan(head, second, keep) == []
    assert len(second.releases) <= keep + len(Slot) + 1


def test_a_promotion_is_one_step() -> None:
    """I5: promotion and rollback cost the same, however many releases there are."""
    disk = OnDisk(frozenset(range(1, 6)), {Slot.PREVIEW: 5, Slot.CURRENT: 1})
    assert plan(_head({Slot.PREVIEW: 5, Slot.CURRENT: 4}, 5), disk, 5) == [KeepBefore(1), Switch(Slot.CURRENT, 4)]


def test_published_pages_come_first() -> None:
    actions = plan(_head({Slot.PREVIEW: 3, Slot.CURRENT: 2}, 4), OnDisk(), 5)
    assert actions == [Release(2), Switch(Slot.CURRENT, 2), Release(3), Switch(Slot.PREVIEW, 3), Release(4)]


def test_storage_that_forgot_a_site_takes_nothing_away() -> None:
    disk = OnDisk(frozenset({1}), {Slot.CURRENT: 1})
    assert plan(SiteHead(site="bakery"), disk, 5) == []


def test_what_was_shown_a_moment_ago_stays_for_a_day() -> None:
    """Somebody may have a page of it open, or be in the middle of reading it."""
    disk = OnDisk(frozenset({1, 2}), {Slot.CURRENT: 1})
    actions = plan(_head({Slot.CURRENT: 2}, 2), disk, 1)
    assert actions == [KeepBefore(1), Switch(Slot.CURRENT, 2)]
    switched = _carried_out(disk, actions)
    assert plan(_head({Slot.CURRENT: 2}, 2), switched, 1) == []
    next_day = replace(switched, is_before_outdated=True)
    assert plan(_head({Slot.CURRENT: 2}, 2), next_day, 1) == [ForgetBefore(), Remove(1)]


def test_what_somebody_looks_at_is_made_last_and_stays_as_long() -> None:
    disk = OnDisk(frozenset({7, 8}), {Slot.CURRENT: 7, Slot.PREVIEW: 8})
    head = _head({Slot.CURRENT: 7, Slot.PREVIEW: 9}, 9)
    assert plan(head, disk, 2, {2, 10}) == [Release(9), Switch(Slot.PREVIEW, 9), Release(2)], "10 is not there"
    looked_at = OnDisk(frozenset({2, 7, 9}), {Slot.CURRENT: 7, Slot.PREVIEW: 9})
    assert plan(head, looked_at, 2, {2}) == []
    assert plan(head, looked_at, 2) == [Remove(2)]


def test_a_release_of_a_version_that_storage_does_not_have_goes() -> None:
    """It is another history's: the next version of this number is another one."""
    disk = OnDisk(frozenset({1, 2, 3, 4}), {Slot.CURRENT: 1})
    assert plan(_head({Slot.CURRENT: 1}, 2), disk, 5) == [Remove(3), Remove(4)]


def test_a_damaged_release_is_made_anew_if_it_is_shown_and_goes_if_not() -> None:
    disk = OnDisk(frozenset({1, 2, 3}), {Slot.CURRENT: 2, Slot.PREVIEW: 3}, unsound=frozenset({1, 2}))
    head = _head({Slot.CURRENT: 2, Slot.PREVIEW: 3}, 3)
    assert is_behind(head, disk)
    assert plan(head, disk, 5) == [Release(2, anew=True), Remove(1)]


def test_what_was_taken_down_is_gone_with_what_its_open_pages_load() -> None:
    """Versions and the preview stay as they are, and so it comes back in one step."""
    disk = OnDisk(frozenset({1, 2}), {Slot.CURRENT: 2, Slot.PREVIEW: 2}, before=1, is_public=True)
    head = _head({Slot.CURRENT: None, Slot.PREVIEW: 2}, 2)
    assert is_behind(head, disk)
    assert plan(head, disk, 5) == [ForgetBefore(), TakeDown()]
    gone = _carried_out(disk, plan(head, disk, 5))
    assert (gone.slots, gone.releases, gone.before) == ({Slot.PREVIEW: 2}, disk.releases, None)
    assert plan(head, gone, 5) == []
    assert plan(_head({Slot.CURRENT: 2, Slot.PREVIEW: 2}, 2), gone, 5) == [Switch(Slot.CURRENT, 2)]


def test_a_rebuilt_host_shows_nothing_of_a_site_that_was_taken_down() -> None:
    assert plan(_head({Slot.CURRENT: None}, 2), OnDisk(), 5) == [Release(2)]


def test_something_strange_in_the_place_of_current_is_no_site_that_stays() -> None:
    disk = OnDisk(frozenset({2}), is_public=True)
    assert is_behind(_head({Slot.CURRENT: None}, 2), disk)
    assert plan(_head({Slot.CURRENT: None}, 2), disk, 5) == [TakeDown()]
