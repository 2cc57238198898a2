"""A text is replaced as whole words, and the answer names what else it stands in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemons.model.practice.editor.markup import escape
from daemons.model.practice.editor.text_edits import replace_text
from daemons.model.practice.editor.website import CannotDo, Website
from daemons.model.practice.editor.words import find_text
from tests.support.practice_editor import page


@pytest.mark.parametrize(
    ("text", "old", "changed"),
    [
        ("Research, Researcher and re-Research", "Research", "X, Researcher and re-X"),
        ("unResearch Research_x Research2 Research’s", "Research", "unResearch Research_x Research2 X’s"),
        ("5 50 5.50 15 5:30 a5 (5).", "5", "X 50 5.50 15 5:30 a5 (X)."),
        ("Café Caféteria Cafés", "Café", "X Caféteria Cafés"),
        ("cafe\u0301 cafe", "cafe", "cafe\u0301 X"),
        ("研究者と研究", "研究", "X者とX"),
        ("빵은 빵", "빵", "X은 X"),
        ("ขนมปังสด", "ขนมปัง", "Xสด"),
        ("a€b a€ €5", "€", "aXb aX X5"),
        ("&#82;ead &#x52;ead Re&shy;ad", "Read", "X X Re&shy;ad"),
    ],
)
def test_only_whole_words_are_replaced(text: str, old: str, changed: str) -> None:
    site = Website({"index.html": page(f"<p>{text}</p>")})
    replace_text(site, old, "X", None)
    assert site.files["index.html"] == page(f"<p>{changed}</p>")


def test_the_answer_names_the_longer_words() -> None:
    site = Website({"index.html": page("<p>Research, Researcher</p>"), "a.html": page("<p>Researchers</p>")})
    assert replace_text(site, "Research", "Study", None) == (
        "Replaced “Research” with “Study” in 1 place on index.html. "
        "I left it inside longer words: Researcher, Researchers."
    )
    with pytest.raises(CannotDo, match=r"“Research” on a\.html\. It only stands inside longer words: Researchers\."):
        replace_text(site, "Research", "Study", "a.html")


@given(st.text(), st.text(min_size=1), st.text())
def test_words_are_found_as_they_were_written(before: str, words: str, after: str) -> None:
    if " ".join(words.split()):
        found = find_text(f"{escape(before)} {escape(words.strip())} {escape(after)}", words)
        assert any(not longer for _, _, longer in found)
