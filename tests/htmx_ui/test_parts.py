"""What the pieces of pages say of themselves."""

from dataclasses import replace

import pytest

from htmx_ui.parts import Preview
from shared.domain.manifest import Changes, Check, CheckStatus
from shared.domain.older_base import base_checks
from shared.domain.vocabulary import JobState
from tests.htmx_ui.samples import change, turn, version


def check(name: str, status: CheckStatus, *findings: str) -> Check:
    return Check(name=name, status=status, findings=findings)


def test_checks_that_failed_and_that_warn_are_told_apart() -> None:
    checks = [check(status.value, status) for status in CheckStatus]
    view = version(3, "Blue.", checks=tuple(checks))
    assert [one.name for one in view.failed_checks] == ["failed"]
    assert [one.name for one in view.warned_checks] == ["warning"]


def test_what_was_mended_by_itself_is_no_problem() -> None:
    assert version(3, "Blue.").mended is None
    mended = check("repair", CheckStatus.PASSED, "index.html: the link /x.html leads nowhere", "and 2 more")
    view = version(3, "Blue.", checks=(mended,))
    assert view.mended
    assert view.mended.count == 3
    assert (view.failed_checks, view.notes) == ((), ())


def test_a_version_from_an_older_one_says_what_it_lacks() -> None:
    assert version(3, "Blue.").lacks == ""
    view = version(5, "Blue.", checks=base_checks(3, 4))
    assert view.lacks == "Made from version 3. It does not have the changes of version 4."


def test_changed_files_are_told_by_kind_and_counted() -> None:
    files = Changes(
        added=(change("a.html", "added"),), modified=(change("b.html"),), removed=(change("c.html", "removed"),)
    )
    view = version(3, "Blue.", files=files)
    assert view.changed == (("added", "a.html"), ("modified", "b.html"), ("removed", "c.html"))
    assert view.file_count == 3


def test_what_visitors_would_see_is_told_of_a_bad_home_page_alone() -> None:
    assert version(3, "Blue.").visitors_see == ""
    broken = check("home page", CheckStatus.WARNING, "The site has no home page: its address answers so.")
    assert version(3, "Blue.", checks=(broken,)).visitors_see


@pytest.mark.parametrize("state", JobState)
def test_a_turn_goes_on_until_it_has_ended(state: JobState) -> None:
    assert turn(1, "Blue.", state).active is (state in (JobState.QUEUED, JobState.RUNNING))


def test_a_preview_of_an_older_version_says_what_is_missing() -> None:
    preview = Preview(version=3, newest=5, page="index.html", pages=(), url=None, picture=None)
    assert (preview.is_newest, preview.missing) == (False, "the changes of versions 4 and 5")
    assert replace(preview, version=5).is_newest
