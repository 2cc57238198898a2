"""What a host answers where, decided without any disk: every site is found somewhere at every step."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from daemons.deployer.addresses import (
    DropTarget,
    LeadOn,
    Marks,
    Serve,
    Step,
    Unmark,
    Unserve,
    next_end,
    steps,
    wanted_marks,
    with_unknown,
)
from shared.domain.site_address import AddressMove, SiteAddress, address_of, next_address

START = datetime(2030, 1, 1, tzinfo=UTC)


def on_day(day: int) -> datetime:
    return START + timedelta(days=day)


def moved(*ways: tuple[str, int | None], site: str = "a", newest: SiteAddress | None = None) -> SiteAddress:
    """A site that went this way, one step a day, each address leading on for some days."""
    for day, (to, days) in enumerate(ways):
        until = None if days is None else on_day(day + days)
        asked = AddressMove(address=to, forward_until=until, by="ana", expected=address_of(site, newest))
        newest = next_address(newest, site, asked, on_day(day))
    assert newest
    return newest


def test_a_moved_site_is_served_there_and_what_it_left_leads_on() -> None:
    chain = moved(("b", 30), ("c", 5))
    assert wanted_marks([chain], on_day(2)) == Marks(served={"c": "a"}, moved={"a": "c", "b": "c"})
    assert wanted_marks([chain], on_day(6)) == Marks(served={"c": "a"}, moved={"a": "c"})
    assert wanted_marks([chain], on_day(30)) == Marks(served={"c": "a"}, moved={"a": None}), "its name shows nothing"
    assert [next_end([chain], on_day(day)) for day in (2, 6, 30)] == [on_day(6), on_day(30), None]


def test_a_site_that_came_back_is_under_its_name_alone() -> None:
    back = moved(("b", None), ("a", 30))
    assert wanted_marks([back], on_day(2)) == Marks(moved={"b": "a"})
    assert wanted_marks([back], on_day(31)) == Marks()


def test_what_somebody_is_at_leads_nowhere_else() -> None:
    """A label that the site has left and another site has taken, by a mistake say."""
    left, taken = moved(("b", None), ("c", None)), moved(("b", None), site="z")
    assert wanted_marks([left, taken], on_day(2)) == Marks(served={"c": "a", "b": "z"}, moved={"a": "c", "z": "b"})


def test_sites_that_storage_does_not_know_stay_where_they_are() -> None:
    """It may be an empty directory, or its record may be damaged."""
    on_disk = Marks(served={"c": "a", "y": "z"}, moved={"a": "c", "b": "c", "z": None, "old": "name"})
    assert on_disk.owners == {"a", "z", "name"}
    assert set(steps(with_unknown(Marks(), on_disk, set()), on_disk)) == set()
    known = with_unknown(wanted_marks([moved(("y", 1), site="z")], on_day(9)), on_disk, {"z"})
    assert set(steps(known, on_disk)) == set()
    assert set(steps(with_unknown(Marks(), on_disk, {"a"}), on_disk)) == {
        Unmark("a", "a"),
        Unmark("a", "b"),
        Unserve("a", "c"),
    }


@dataclass
class Host:
    """A host in memory, and how nginx reads it."""

    served: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str | None] = field(default_factory=dict)
    targets: set[str] = field(default_factory=set)

    def marks(self) -> Marks:
        return Marks(dict(self.served), dict(self.moved), frozenset(self.targets))

    def carry_out(self, step: Step) -> None:
        match step:
            case Serve(site, address):
                self.served[address] = site
                self.targets.add(address)
            case Unmark(_, label):
                del self.moved[label]
            case LeadOn(_, label, address):
                self.moved[label] = address
                self.targets |= {address} if address else set()
            case Unserve(_, address):
                del self.served[address]
            case DropTarget(_, address):
                self.targets.remove(address)
                assert address not in (*self.served, *self.moved.values()), "nginx needs it"

    def visit(self, label: str) -> str | None:
        """The site that a visitor gets to, who follows where they are sent."""
        for _ in range(9):
            if label not in self.moved:
                return self.served.get(label, label if label in ("a", "z") else None)
            target = self.moved[label]
            if target is None:
                return None
            label = target
        raise AssertionError("sent round and round")


WAYS = st.lists(st.tuples(st.sampled_from("abcd"), st.none() | st.integers(0, 3)), min_size=1, max_size=8)


@example([("c", None), ("a", None), ("b", 0)], [False, True, False], 0)
@given(WAYS, st.lists(st.booleans(), min_size=8, max_size=8), st.integers(0, 20))
def test_whatever_the_way_who_asks_gets_there_at_every_step(
    ways: list[tuple[str, int | None]], looks: list[bool], last: int
) -> None:
    """A host that looks now and then, for a site that goes from label to label and back: two old labels, a new one."""
    host, newest = Host(), None
    for day, (to, days) in enumerate(ways):
        if to == address_of("a", newest):
            continue
        newest = moved_on(newest, to, days, day)
        if looks[day]:
            follow(host, newest, day)
    if newest:
        follow(host, newest, len(ways) + last)


def moved_on(newest: SiteAddress | None, to: str, days: int | None, day: int) -> SiteAddress:
    until = None if days is None else on_day(day + days)
    asked = AddressMove(address=to, forward_until=until, by="ana", expected=address_of("a", newest))
    return next_address(newest, "a", asked, on_day(day))


def follow(host: Host, newest: SiteAddress, day: int) -> None:
    """Carry the steps out: what leads to the site before and after does so in between, too."""
    found = {label for label in "abcd" if host.visit(label) == "a"}
    wanted = wanted_marks([newest], on_day(day))
    lasting = found & {newest.address, *(one.label for one in newest.leading(on_day(day)))}
    for step in steps(with_unknown(wanted, host.marks(), {"a"}), host.marks()):
        assert step.site == "a"
        host.carry_out(step)
        assert all(host.visit(label) == "a" for label in lasting), step
    assert list(steps(wanted, host.marks())) == [], "it is done in one go"
    assert host.visit(newest.address) == "a"
    leading = {one.label for one in newest.leading(on_day(day))}
    assert {label for label in "abcd" if host.visit(label) == "a"} == {newest.address, *leading}
