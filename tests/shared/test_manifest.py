"""A check's findings are counted in whole, also where only some of them are kept."""

import pytest

from shared.manifest import Check, CheckStatus


@pytest.mark.parametrize(
    ("findings", "count", "first"),
    [
        ((), 0, ()),
        (("a",), 1, ("a",)),
        (("a", "b", "c"), 3, ("a", "b")),
        (("a", "and 7 more"), 8, ("a",)),
        (("a", "b", "c", "and 1480 more"), 1483, ("a", "b")),
        (("a", "b and 3 more"), 2, ("a", "b and 3 more")),
        (("and 3 more", "a"), 2, ("and 3 more", "a")),
    ],
)
def test_what_was_cut_is_counted(findings: tuple[str, ...], count: int, first: tuple[str, ...]) -> None:
    check = Check(name="links", status=CheckStatus.FAILED, findings=findings)
    assert check.count == count
    assert check.first(2) == first
    assert check.model_dump().keys() == {"name", "status", "findings"}, "a release before this one reads it"
