"""New problems block, old ones are listed, mended ones are praised; what a cut list leaves open is called neither."""

import pytest

from shared.domain.errors import Conflict
from shared.domain.manifest import Check, CheckStatus, Manifest
from shared.domain.problem import Problem
from shared.domain.problem_changes import require_publishable, since_live, since_parent, told_of_home_page
from shared.domain.vocabulary import JobKind
from tests.support.manifests import version_of

WARNING, FAILED, PASSED = CheckStatus.WARNING, CheckStatus.FAILED, CheckStatus.PASSED
NO_HOME = "The site has no home page: its address answers that there is no such page."


def dead(address: str, since: int | None = None) -> str:
    return (f"already in version {since}: " if since else "") + f"index.html: the link {address} leads nowhere"


def version(number: int, status: CheckStatus, *findings: str, name: str = "links", **more: object) -> Manifest:
    return version_of(number, checks=(Check(name=name, status=status, findings=findings),), **more)


def addresses(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.address for problem in problems]


IMPORTED = version(1, WARNING, dead("/a"), dead("/b"), kind=JobKind.IMPORT)


def test_an_import_is_the_base_line() -> None:
    """Also one of a release that let it fail."""
    failed = IMPORTED.model_copy(update={"checks": (Check(name="links", status=FAILED, findings=(dead("/a"),)),)})
    assert (since_parent(failed, None).new, since_live(failed, None).blocking) == ((), ())
    for changes in (since_parent(IMPORTED, None), since_live(IMPORTED, None), since_live(IMPORTED, IMPORTED)):
        assert (changes.blocking, addresses(changes.old)) == ((), ["/a", "/b"])


def test_only_what_an_edit_broke_is_new_and_what_it_mended_is_told() -> None:
    edited = version(2, FAILED, dead("/c"), dead("/a", 1))
    for changes in (since_parent(edited, IMPORTED), since_live(edited, IMPORTED)):
        assert changes.against == 1
        parts = (changes.new, changes.old, changes.back, changes.unclear, changes.mended)
        assert list(map(addresses, parts)) == [["/c"], ["/a"], [], [], ["/b"]]
        assert changes.mended_count == 1


def test_what_a_version_between_broke_is_new_for_visitors_though_not_for_its_parent() -> None:
    broken, next_one = version(2, FAILED, dead("/c"), dead("/a", 1)), version(3, WARNING, dead("/c", 2), dead("/a", 1))
    assert since_parent(next_one, broken).blocking == ()
    for live in (IMPORTED, None):
        assert addresses(since_live(next_one, live).new) == ["/c"]
    assert since_live(next_one, broken).blocking == (), "who published it has accepted it"


def test_a_finding_that_the_next_version_has_removed_is_not_its_own() -> None:
    broken, mended = version(2, FAILED, dead("/c")), version(3, PASSED)
    assert (since_live(mended, IMPORTED).blocking, since_parent(mended, broken).new) == ((), ())
    assert addresses(since_parent(mended, broken).mended) == ["/c"]


def test_problems_that_were_mended_come_back_with_an_older_version_and_block_no_rollback() -> None:
    back = since_live(IMPORTED, version(4, WARNING, dead("/a", 1)))
    assert (addresses(back.back), addresses(back.old), back.blocking) == (["/b"], ["/a"], ())


def test_cut_lists_are_compared_honestly() -> None:
    live = version(2, WARNING, dead("/a", 1), "and 30 more")
    child, other = (version(number, FAILED, dead("/x"), dead("/b", 1)) for number in (3, 5))
    assert addresses(since_live(child, live).new) == ["/x"], "its checks knew all that its parent had"
    unclear = since_live(other, live)
    assert (unclear.new, addresses(unclear.unclear), addresses(unclear.old)) == ((), ["/x"], ["/b"])
    assert addresses(unclear.blocking) == ["/x"]
    cut = since_live(version(3, WARNING, dead("/b", 1), "and 4 more"), live)
    assert (cut.mended, cut.mended_count, cut.unlisted) == ((), 0, 4)
    whole = since_live(version(3, PASSED), live)
    assert (addresses(whole.mended), whole.mended_count) == (["/a"], 31)


@pytest.mark.parametrize(
    "unseen",
    [
        Check(name="pages", status=WARNING, findings=("Not checked: index.html: there was no time",)),
        Check(name="coverage", status=WARNING, findings=("3 of 5 pages were looked at",)),
    ],
)
def test_what_was_not_looked_at_is_not_called_mended(unseen: Check) -> None:
    changes = since_parent(version_of(2, checks=(unseen,)), IMPORTED)
    assert (changes.mended, changes.mended_count) == ((), 0)


def test_a_page_that_still_fails_blocks_until_it_is_public() -> None:
    text = "still as in version 2: index.html: the home page is empty: visitors see nothing"
    empty, fine = version(4, FAILED, text, name="home page"), version(3, PASSED, name="home page")
    assert [len(since_live(empty, live).new) for live in (fine, empty, None)] == [1, 0, 1]


def test_a_refusal_names_what_is_new() -> None:
    with pytest.raises(Conflict) as refused:
        require_publishable(version(2, FAILED, *map(dead, ("/c", "/d", "/e", "/f")), dead("/a", 1)), lambda: IMPORTED)
    assert "links" in refused.value.detail
    assert "/c" in refused.value.detail
    assert "/a" not in refused.value.detail
    assert "`accept_failed_checks`" in refused.value.hint
    require_publishable(version(3, WARNING, dead("/a", 1)), lambda: IMPORTED)


def test_what_is_public_is_not_read_for_a_version_without_problems() -> None:
    asked: list[int] = []
    require_publishable(version(2, PASSED), lambda: asked.append(1))
    assert asked == []


def test_a_home_page_is_told_until_visitors_see_it_as_it_is() -> None:
    bare = version(1, WARNING, NO_HOME, name="home page")
    later = version(2, WARNING, f"already in version 1: {NO_HOME}", name="home page")
    assert told_of_home_page(bare, None).startswith("Visitors will be told that there is no such page")
    assert told_of_home_page(later, IMPORTED) == told_of_home_page(bare, None)
    assert told_of_home_page(later, bare) == ""
    assert told_of_home_page(IMPORTED, bare) == ""


def test_what_nobody_asked_for_is_no_block_once_somebody_keeps_all() -> None:
    """Another problem of the same version is."""
    more = version(2, FAILED, "index.html: Text: “a” → “b”", name="unasked")
    assert [one.check for one in since_live(more, None).new] == ["unasked"]
    with pytest.raises(Conflict):
        require_publishable(more, lambda: None)
    assert since_live(more, None, is_kept=True).blocking == ()
    require_publishable(more, lambda: None, is_kept=True)
    with pytest.raises(Conflict):
        require_publishable(version(2, FAILED, dead("/c")), lambda: None, is_kept=True)


def test_what_nobody_asked_for_blocks_its_version_and_nobody_can_mend_it() -> None:
    unasked = version(2, FAILED, "about.html: Headline: “a” → “b”", "and 5 more", name="unasked")
    changes = since_parent(unasked, IMPORTED)
    assert (len(changes.blocking), changes.mendable) == (1, ())
    with pytest.raises(Conflict, match="unasked"):
        require_publishable(unasked, lambda: IMPORTED)
    after = since_parent(version(3, PASSED), unasked)
    assert (after.mended, after.mended_count) == ((), 0), "the next version has it all the same"
