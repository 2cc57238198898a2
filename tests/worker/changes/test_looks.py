"""A page that reads as before and looks otherwise is told by the part that does."""

from daemons.worker.changes.page_changes import page_changes, together
from daemons.worker.checks.page_blocks import BlockRole
from shared.domain.visible_changes import ChangeOf, Region
from tests.support.page_blocks import block, page

AREA = block("", BlockRole.AREA, name="body", box=(0, 0, 1280, 900), phone=(0, 0, 390, 1200))
HOURS = block("Open 7-18", section="Hours", box=(100, 200, 300, 40), phone=(10, 400, 200, 60))
PAGE = page(AREA, HOURS)


def test_the_smallest_part_around_the_difference_is_named() -> None:
    box = (90, 190, 320, 60)
    (change,) = page_changes(PAGE, PAGE, lambda _: False, {"desktop": [box], "phone": []})
    assert (change.of, change.what, change.where, change.named) == (ChangeOf.LOOK, BlockRole.TEXT, "Hours", "Open 7-18")
    assert change.regions == (Region(page="", viewport="desktop", before=box, after=box),)


def test_the_same_part_at_both_widths_is_one_change() -> None:
    looks = {"desktop": [(100, 200, 300, 40)], "phone": [(10, 400, 200, 60)]}
    (change,) = together(page_changes(PAGE, PAGE, lambda _: False, looks))
    assert [region.viewport for region in change.regions] == ["desktop", "phone"]


def test_a_difference_outside_of_all_parts_is_the_page_s() -> None:
    (change,) = page_changes(page(HOURS), page(HOURS), lambda _: False, {"desktop": [(0, 700, 1280, 16)]})
    assert (change.what, change.named) == ("", "")


def test_a_page_that_reads_otherwise_is_told_by_that() -> None:
    (change,) = page_changes(page("Rye"), page("Oats"), lambda _: False, {"desktop": [(0, 0, 10, 10)]})
    assert change.of is ChangeOf.TEXT
