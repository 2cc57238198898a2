"""The deployer's decisions, without any disk."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from daemons.deployer.plan import Action, OnDisk, Release, Remove, Sweep, Switch, plan
from shared.vocabulary import Deployment, SiteHead, Slot

_NUMBERS = st.integers(1, 9)
_SLOTS = st.dictionaries(st.sampled_from(Slot), _NUMBERS)
_DISKS = st.builds(OnDisk, st.frozensets(_NUMBERS), _SLOTS, st.frozensets(st.sampled_from([".incoming-3", ".x"])))


def _head(slots: dict[Slot, int], latest: int | None) -> SiteHead:
    def wish(slot: Slot, version: int) -> Deployment:
        return Deployment(number=1, site="bakery", slot=slot, version=version, by="ana", at=datetime.now(UTC))

    return SiteHead(site="bakery", latest=latest, slots={slot: wish(slot, version) for slot, version in slots.items()})


def _carried_out(disk: OnDisk, actions: list[Action]) -> OnDisk:
    """What is on disk afterwards; no action may be impossible when its turn comes."""
    releases, slots, leftovers = set(disk.releases), dict(disk.slots), set(disk.leftovers)
    for action in actions:
        match action:
            case Release(version):
                assert version not in releases
                releases.add(version)
            case Switch(slot, version):
                assert version in releases, "a slot never points at nothing"
                slots[slot] = version
            case Remove(version):
                releases.remove(version)
                assert version not in slots.values(), "what is shown is never removed"
            case Sweep(name):
                leftovers.remove(name)
    return OnDisk(frozenset(releases), slots, frozenset(leftovers))


@given(_SLOTS, st.integers(9, 12) | st.none(), _DISKS, st.integers(1, 4))
def test_a_plan_leads_to_what_storage_wants(
    slots: dict[Slot, int], latest: int | None, disk: OnDisk, keep: int
) -> None:
    """I5: from any state of the disk, in at most two rounds, and then there is nothing left to do."""
    head = _head(slots, latest)
    first = _carried_out(disk, plan(head, disk, keep))
    assert {slot: first.slots[slot] for slot in slots} == slots
    assert not first.leftovers
    if latest is not None:
        assert latest in first.releases
    second = _carried_out(first, plan(head, first, keep))
    assert plan(head, second, keep) == []
    assert len(second.releases) <= keep + len(Slot)


def test_a_promotion_is_one_step() -> None:
    """I5: promotion and rollback cost the same, however many releases there are."""
    disk = OnDisk(frozenset(range(1, 6)), {Slot.PREVIEW: 5, Slot.CURRENT: 1})
    assert plan(_head({Slot.PREVIEW: 5, Slot.CURRENT: 4}, 5), disk, 5) == [Switch(Slot.CURRENT, 4)]


def test_published_pages_come_first() -> None:
    actions = plan(_head({Slot.PREVIEW: 3, Slot.CURRENT: 2}, 4), OnDisk(), 5)
    assert actions == [Release(2), Switch(Slot.CURRENT, 2), Release(3), Switch(Slot.PREVIEW, 3), Release(4)]


def test_storage_that_forgot_a_site_takes_nothing_away() -> None:
    disk = OnDisk(frozenset({1}), {Slot.CURRENT: 1})
    assert plan(SiteHead(site="bakery"), disk, 5) == []


def test_what_was_shown_a_moment_ago_stays_for_a_round() -> None:
    """Somebody may be in the middle of reading it."""
    disk = OnDisk(frozenset({1, 2}), {Slot.CURRENT: 1})
    actions = plan(_head({Slot.CURRENT: 2}, 2), disk, 1)
    assert actions == [Switch(Slot.CURRENT, 2)]
    assert plan(_head({Slot.CURRENT: 2}, 2), _carried_out(disk, actions), 1) == [Remove(1)]
