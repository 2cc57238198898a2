"""Both versions are looked at only as often as it takes to tell what an edit changed from what changes by itself."""

import asyncio
from collections.abc import Callable

from daemons.worker.checks.comparison import Comparison, Look, TwoVersions
from daemons.worker.checks.page_source import PageSource
from daemons.worker.checks.takes import Take

NOTHING = PageSource(b"")


def _take(*texts: str, moves: bool = True, style: int = 0) -> Take:
    blocks = [{"role": "text", "text": text, "style": style} for text in texts]
    return {"styles": [{"colour": "black"}, {"colour": "red"}], "blocks": blocks, "moves": moves}


class Looks:
    """Looks at the version and at its parent, and how many there were of each."""

    def __init__(self, again: Callable[[int], Take], parent: Callable[[int], Take]) -> None:
        self.counts = [0, 0]
        self.both = self._look(0, again), self._look(1, parent)

    def _look(self, which: int, see: Callable[[int], Take]) -> Look:
        async def look() -> Take:
            self.counts[which] += 1
            return see(self.counts[which])

        return look


def _compare(
    looks: Looks, first: Take, known: Take, new: PageSource = NOTHING, old: PageSource = NOTHING
) -> Comparison:
    return asyncio.run(TwoVersions(*looks.both, new, old).compare(first, known))


def _never(_: int) -> Take:
    raise AssertionError("nobody needs to look")


def _unsteady(take: Take) -> list[str]:
    return [block["text"] for block in take["blocks"] if block.get("unsteady")]


def test_a_page_without_scripts_is_looked_at_once() -> None:
    found = _compare(Looks(_never, _never), _take("Oats", moves=False), _take("Rye"))
    assert found == Comparison(None)


def test_an_edit_of_the_html_is_believed_at_once() -> None:
    new, old = PageSource(b"<p>Oats"), PageSource(b"<p>Rye")
    assert _compare(Looks(_never, _never), _take("Oats", "12:00"), _take("Rye", "12:00"), new, old) == Comparison(None)


def test_the_date_of_the_day_costs_one_look_at_the_parent() -> None:
    looks = Looks(_never, lambda _: _take("Tuesday"))
    first = _take("Tuesday")
    found = _compare(looks, first, _take("Monday"))
    assert found.before == _take("Tuesday")
    assert (looks.counts, _unsteady(first)) == ([0, 1], [])


def test_a_clock_is_told_apart_from_an_edit() -> None:
    looks = Looks(lambda n: _take("Oats", f"12:00:{n}3"), lambda n: _take("Rye", f"12:00:{n}2"))
    first = _take("Oats", "12:00:01")
    found = _compare(looks, first, _take("Rye", "11:00:00"), PageSource(b"<p>Oats"), PageSource(b"<p>Rye"))
    assert found.before
    assert (_unsteady(first), _unsteady(found.before)) == (["12:00:01"], ["12:00:12"])


def test_chance_is_given_several_tries_to_show_itself() -> None:
    slides = ["A", "B", "A", "C"]
    looks = Looks(lambda n: _take(slides[n % 4]), lambda n: _take(slides[(n + 2) % 4]))
    first = _take("A")
    found = _compare(looks, first, _take("Z"))
    assert found.before
    assert (_unsteady(first), _unsteady(found.before)) == (["A"], ["C"])


def test_what_a_script_writes_otherwise_each_time_is_the_edit_s() -> None:
    looks = Looks(lambda _: _take("3 loaves"), lambda _: _take("2 loaves"))
    first = _take("3 loaves")
    found = _compare(looks, first, _take("2 loaves"))
    assert found.before
    assert (_unsteady(first), _unsteady(found.before), looks.counts) == ([], [], [6, 7])


def test_other_styles_cost_one_look_at_the_parent() -> None:
    looks = Looks(_never, lambda _: _take("Rye"))
    assert _compare(looks, _take("Rye", style=1), _take("Rye")).before == _take("Rye")


def test_without_what_is_known_the_parent_is_looked_at() -> None:
    assert _compare(Looks(_never, lambda _: _take("Rye")), _take("Oats", moves=False), {}).before == _take("Rye")


def test_what_can_t_be_looked_at_again_is_not_known() -> None:
    for looks in (Looks(_never, lambda _: {}), Looks(lambda _: {}, lambda _: _take("2"))):
        assert not _compare(looks, _take("3"), _take("1")).is_certain
