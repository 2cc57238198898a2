"""A change is outlined where its parts stand, at both widths; equal changes are one, wherever they are seen."""

from daemons.worker.changes.page_changes import page_changes, together
from daemons.worker.changes.site_changes import SeenSite, site_changes
from daemons.worker.checks.page_blocks import Block, BlockRole, PageBlocks
from shared.domain.visible_changes import MOST_REGIONS, ChangeOf, Region
from tests.support.page_blocks import PLAIN, block, page

DESK, PHONE = (0, 100, 200, 20), (0, 150, 90, 40)


def _text(text: str, down: int = 0, **more: object) -> Block:
    left, top, width, height = DESK
    return block(text, **({"box": (left, top + down, width, height), "phone": PHONE} | more))


def _regions(before: PageBlocks, after: PageBlocks) -> list[tuple[Region, ...]]:
    return [change.regions for change in together(page_changes(before, after, lambda _: False))]


def test_a_changed_text_is_outlined_before_and_after_at_both_widths() -> None:
    ((desk, phone),) = _regions(page(_text("Four rolls")), page(_text("Four loaves", 30)))
    assert (desk.viewport, desk.before, desk.after) == ("desktop", DESK, (0, 130, 200, 20))
    assert (phone.viewport, phone.before, phone.after) == ("phone", PHONE, PHONE)


def test_what_a_phone_hides_is_outlined_at_the_desk_alone() -> None:
    ((one,),) = _regions(page(_text("Four rolls", phone=None)), page(_text("Four loaves", phone=None)))
    assert one.viewport == "desktop"
    ((one,),) = _regions(page(_text("a", box=(0, 0, 0, 0))), page(_text("b", box=(0, 0, 0, 0))))
    assert one.viewport == "phone", "what has no size is not seen"


def test_new_parts_below_a_heading_have_one_box_around_them() -> None:
    parts = (
        _text("Team", role=BlockRole.HEADING),
        _text("Ana", 40, section="Team"),
        _text("Ben", 80, section="Team"),
    )
    ((desk, phone),) = _regions(page(_text("x")), page(_text("x"), *parts))
    assert (desk.before, desk.after, phone.after) == (None, (0, 100, 200, 100), PHONE)
    ((gone, _),) = _regions(page(_text("x"), *parts), page(_text("x")))
    assert (gone.before, gone.after) == ((0, 100, 200, 100), None)


def test_each_part_that_looks_otherwise_has_its_box_up_to_a_limit() -> None:
    texts = [_text(str(number), number * 30) for number in range(40)]
    red = PLAIN.model_copy(update={"colour": "rgb(255, 0, 0)"})
    (regions,) = _regions(page(*texts), page(*texts, style=red))
    assert len(regions) == MOST_REGIONS
    assert [one.after for one in regions[:2]] == [DESK, PHONE]
    assert [one.after for one in regions if one.viewport == "desktop"][1] == (0, 130, 200, 20)


def test_equal_changes_of_two_pages_are_one_with_the_places_on_the_first() -> None:
    def seen(year: str) -> SeenSite:
        return SeenSite({"a.html": year, "b.html": year}, {"a.html": page(_text(year)), "b.html": page(_text(year, 9))})

    (change,) = site_changes(seen("2025"), seen("2026"), ["a.html", "b.html"]).changes
    assert (change.of, change.page_count) == (ChangeOf.TEXT, 2)
    assert [(one.page, one.viewport, one.after) for one in change.regions] == [
        ("a.html", "desktop", DESK),
        ("a.html", "phone", PHONE),
    ]


def test_what_a_page_says_of_itself_is_outlined_nowhere() -> None:
    assert _regions(page("x", title="Home"), page("x", title="Start")) == [()]
