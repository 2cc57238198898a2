"""A patch applies exactly, or there is none."""

from hypothesis import given
from hypothesis import strategies as st

from daemons.model.practice.editor.patches import make_patch

LINES = st.lists(st.sampled_from(["a", "b", " a", "", "+x", "*** End Patch"]), min_size=1, max_size=12)


@given(LINES, LINES)
def test_a_patch_applies_exactly(old: list[str], new: list[str]) -> None:
    """Applied as the tool does it: each hunk's old lines at their first place after the last hunk."""
    before, after = "\n".join(old) + "\n", "\n".join(new) + "\n"
    patch = make_patch({"x.html": before}, {"x.html": after})
    if patch is None or before == after:
        return
    lines, cursor = list(old), 0
    for hunk in patch.split("\n@@\n")[1:]:
        body = hunk.removesuffix("\n*** End Patch\n").split("\n")
        was = [line[1:] for line in body if line[0] in " -"]
        now = [line[1:] for line in body if line[0] in " +"]
        place = next(n for n in range(cursor, len(lines)) if lines[n : n + len(was)] == was)
        lines[place : place + len(was)] = now
        cursor = place + len(now)
    assert lines == new
