"""A part stands in a part of the page that marks itself, else below the heading before it."""

from daemons.worker.changes.places import where
from daemons.worker.checks.page_blocks import BlockRole, Place
from tests.support.page_blocks import block


def test_where_a_part_stands() -> None:
    assert where(block("© 2026", place=Place.FOOTER, section="Hours")) == "footer"
    assert where(block("7-18", place=Place.MAIN, section="Hours")) == "Hours"
    assert where(block("Hours", BlockRole.HEADING, section="Hours")) == "", "a heading is not below itself"
    assert where(block("Hours", BlockRole.HEADING, place=Place.ASIDE)) == "aside"
