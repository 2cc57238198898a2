"""What changed on a page is told part by part, and what changes by itself is left out."""

from daemons.worker.changes.page_changes import page_changes, together
from daemons.worker.checks.page_blocks import BlockRole, PageBlocks, Place
from shared.domain.visible_changes import ChangeOf, VisibleChange
from tests.support.page_blocks import PLAIN, block, page


def _changes(before: PageBlocks, after: PageBlocks, *replaced: str) -> list[VisibleChange]:
    return together(page_changes(before, after, lambda address: address in replaced))


def _told(before: PageBlocks, after: PageBlocks, *replaced: str) -> list[tuple[ChangeOf, str, str]]:
    return [(one.of, one.before, one.after) for one in _changes(before, after, *replaced)]


def test_the_head_of_a_page_is_compared_too() -> None:
    before, after = page("x", title="Home", language="en"), page("x", title="Start", language="de", description="Bread")
    assert _told(before, after) == [
        (ChangeOf.TITLE, "Home", "Start"),
        (ChangeOf.DESCRIPTION, "", "Bread"),
        (ChangeOf.LANGUAGE, "en", "de"),
    ]


def test_a_picture_with_new_bytes_is_told() -> None:
    team = page(block("Our team", BlockRole.PICTURE, address="/team.jpg"))
    assert _told(team, team, "/team.jpg") == [(ChangeOf.PICTURE, "/team.jpg", "/team.jpg")]
    assert _told(team, team) == []


def test_a_link_within_a_text_tells_its_target_alone() -> None:
    def linked(text: str, address: str) -> PageBlocks:
        return page(f"See our {text}.", block(text, BlockRole.LINK, address=address, within=True))

    assert _told(linked("menu", "/menu"), linked("card", "/card")) == [
        (ChangeOf.TEXT, "See our menu.", "See our card."),
        (ChangeOf.TARGET, "/menu", "/card"),
    ]


def test_equal_looks_of_many_texts_are_one_change() -> None:
    before, after = page("a", "b", "c"), page("a", "b", "c", style=PLAIN.model_copy(update={"colour": "rgb(9, 9, 9)"}))
    (change,) = _changes(before, after)
    assert (change.of, change.parts) == (ChangeOf.COLOUR, 3)


def test_what_moves_to_another_part_of_the_page_is_told_with_both() -> None:
    hours = block("Opening hours", place=Place.FOOTER), block("Opening hours", place=Place.HEADER)
    (change,) = _changes(page("a", "b", hours[0]), page(hours[1], "a", "b"))
    assert (change.of, change.named) == (ChangeOf.MOVED, "Opening hours")
    assert (change.before, change.after) == ("footer", "header")


def test_parts_below_a_new_heading_are_told_together() -> None:
    new = [block(text, section="Team") for text in ("Ana bakes.", "Ben sells.")]
    (change,) = _changes(page("x"), page("x", block("Team", BlockRole.HEADING, section="Team"), *new))
    assert (change.of, change.what, change.after, change.parts) == (ChangeOf.ADDED, BlockRole.HEADING, "Team", 3)


def test_what_changes_by_itself_is_no_change() -> None:
    clock, quote = block("12:00:01", unsteady=True), block("Bread is life")
    later, other = block("12:07:55", unsteady=True), block("A loaf a day", unsteady=True)
    assert _told(page("Hello", clock), page("Hello!", later)) == [(ChangeOf.TEXT, "Hello", "Hello!")]
    assert _told(page("Hello", quote), page("Hello", other)) == []


def test_an_edit_beside_what_changes_by_itself_is_told() -> None:
    clock, later = block("12:00:01", unsteady=True), block("It is 12:07", unsteady=True)
    assert _told(page(clock, "Rye"), page(later)) == [(ChangeOf.REMOVED, "Rye", "")]
    assert _told(page(clock, "Bread is life"), page(later, "Bread is life", "Closed on Monday")) == [
        (ChangeOf.ADDED, "", "Closed on Monday")
    ]
