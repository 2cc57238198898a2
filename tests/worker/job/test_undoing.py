"""Undoing a change takes out what that version did and nothing else, or says why that can't be."""

import pytest

from daemons.worker.job.undoing import without_change
from shared.domain.errors import Conflict
from shared.domain.tree import Tree, compare
from tests.support.manifests import version_of

BEFORE: Tree = {"index.html": b"old", "gone.html": b"here", "same.css": b"same"}
AFTER: Tree = {"index.html": b"new", "menu.html": b"soup", "same.css": b"same"}
MADE = version_of(4, files=compare(BEFORE, AFTER))


def test_the_newest_change_is_undone_to_what_was_before() -> None:
    assert without_change(MADE, BEFORE, AFTER) == BEFORE


def test_what_later_versions_did_elsewhere_stays() -> None:
    later = {**AFTER, "same.css": b"red", "extra.html": b"x"}
    assert without_change(MADE, BEFORE, later) == {**BEFORE, "same.css": b"red", "extra.html": b"x"}


def test_what_is_undone_already_stays_as_it_is() -> None:
    assert without_change(MADE, BEFORE, BEFORE) == BEFORE


@pytest.mark.parametrize(
    "touched", [{"index.html": b"newer"}, {"menu.html": b"stew"}, {"gone.html": b"back, but other"}]
)
def test_files_that_a_later_version_changed_are_named(touched: Tree) -> None:
    with pytest.raises(Conflict) as refused:
        without_change(MADE, BEFORE, AFTER | touched)
    assert f"({next(iter(touched))})" in refused.value.detail
    assert "Continue from version 3" in refused.value.hint
