"""Changes are said as a person would say them."""

import pytest

from shared.domain.change_sentences import sentence
from shared.domain.visible_changes import ChangeOf, VisibleChange

ONE = {"pages": ("index.html",), "page_count": 1}


@pytest.mark.parametrize("of", ChangeOf)
def test_each_kind_of_change_has_words(of: ChangeOf) -> None:
    change = VisibleChange(of=of, what="text", named="Menu", before="rgb(0, 0, 0)", after="rgb(255, 255, 255)", **ONE)  # type: ignore[arg-type]
    assert "{" not in sentence(change)
    assert "Menu" in sentence(change) or "rgb" in sentence(change) or "black → white" in sentence(change)


def test_pages_are_named_or_counted() -> None:
    change = VisibleChange(of=ChangeOf.TEXT, what="text", where="footer", before="2025", after="2026")
    assert sentence(change.model_copy(update=ONE)) == "index.html: Text in the footer: “2025” → “2026”"
    many = change.model_copy(update={"pages": ("a.html", "b.html"), "page_count": 40})
    assert sentence(many) == "40 pages: Text in the footer: “2025” → “2026”"


def test_a_replaced_picture_and_another_picture_are_told_apart() -> None:
    change = VisibleChange(of=ChangeOf.PICTURE, what="picture", before="/a/team.jpg", after="/a/team.jpg", **ONE)  # type: ignore[arg-type]
    assert sentence(change) == "index.html: Picture replaced: team.jpg"
    assert sentence(change.model_copy(update={"after": "/b/us.jpg"})) == "index.html: Picture: team.jpg → us.jpg"


def test_a_part_or_the_page_looks_otherwise() -> None:
    change = VisibleChange(of=ChangeOf.LOOK, what="text", where="Hours", named="7 to 18", **ONE)  # type: ignore[arg-type]
    assert sentence(change) == "index.html: Text under “Hours” looks otherwise: “7 to 18”"
    page = VisibleChange(of=ChangeOf.LOOK, **ONE)  # type: ignore[arg-type]
    assert sentence(page) == "index.html: The page looks otherwise"
