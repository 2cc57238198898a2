"""The tree of an HTML text: whatever the text, its offsets are sound."""

from hypothesis import given
from hypothesis import strategies as st

from daemons.model.practice.editor.markup import Document

MARKUP = st.sampled_from(
    [*"<>/!-ab \"'=&;\n", "<p>", "</p>", "<li>", "<br>", "<script>", "</script>", "<!--", "-->", "<svg/>"]
)


@given(st.lists(MARKUP).map("".join))
def test_any_text_has_a_tree_with_sound_offsets(text: str) -> None:
    document = Document(text)
    for element in document.root.walk():
        assert 0 <= element.start <= element.inner_start <= element.inner_end <= element.end <= len(text)
        assert element.parent is document.root or (element.parent and element.parent.start <= element.start)
    ends = [offset for run in document.runs for offset in run]
    assert ends == sorted(ends)
