"""Records as the pieces that pages show."""

from datetime import timedelta

import pytest

from daemons.api.jobs.rows import Job, JobStep
from daemons.api.pages.views import (
    file_diff,
    late_reason,
    page_address,
    picture_of,
    places,
    publication_of,
    thumbnail_of,
    turn_view,
    version_view,
)
from daemons.api.publishing.publishing import NOT_YET, LateHost, SlotSeen
from daemons.api.sites.differences import ChangeKind, FileDifference
from daemons.api.sites.site_record import Site, SiteUrls
from shared.domain.manifest import Blob, Screenshot
from shared.domain.vocabulary import JobKind, JobState, Phase, Slot
from tests.api.small_database import NOW
from tests.support.manifests import signed_manifest

BLOB = Blob(sha256="0" * 64, size=1)


def site(latest: int | None = 4, **slots: int) -> Site:
    urls = SiteUrls(current="http://bakery.test", preview="http://preview--bakery.test")
    shown = {Slot(name): number for name, number in slots.items()}
    made = {"created_at": NOW, "changed_at": NOW, "template": None, "owner": "ana", "group": None}
    return Site(name="bakery", address="bakery", title="B", latest=latest, slots=shown, urls=urls, **made)


def seen(version: int | None, *reasons: str) -> SlotSeen:
    late = [LateHost(address="a:1", reason=reason, hint="") for reason in reasons]
    return SlotSeen(slot=Slot.CURRENT, version=version, served=not late, late=late)


def test_a_version_says_where_it_is_shown() -> None:
    manifest = signed_manifest(3, artifact=BLOB, public=BLOB)
    view = version_view(manifest, site(preview=4, current=3), 3, late=True)
    assert (view.in_preview, view.published, view.newest, view.shown, view.late) == (False, True, False, True, True)
    other = version_view(manifest, site(latest=3, preview=3, current=2), 2, late=True)
    assert (other.in_preview, other.published, other.newest) == (True, False, True)
    assert (other.shown, other.late) == (False, False)


@pytest.mark.parametrize(
    ("shots", "address"),
    [
        ([], None),
        ([("about.html", "phone"), ("about.html", "desktop")], "desktop/about.html"),
        ([("about.html", "desktop"), ("index.html", "phone"), ("index.html", "desktop")], "desktop/index.html"),
        ([("über uns.html", "phone")], "phone/%C3%BCber%20uns.html"),
    ],
)
def test_the_best_picture_is_of_the_home_page_on_a_desktop(shots: list[tuple[str, str]], address: str | None) -> None:
    pictures = [Screenshot(page=page, viewport=viewport, image=BLOB) for page, viewport in shots]
    found = picture_of("bakery", 3, pictures)
    assert found == (address and f"/api/v1/sites/bakery/versions/3/screenshots/{address}")
    assert thumbnail_of("bakery", 3, pictures) == found, "older releases made no small pictures"
    small = [Screenshot(page=page, viewport="small", image=BLOB) for page, _ in shots]
    assert picture_of("bakery", 3, [*small, *pictures]) == found
    reduced = thumbnail_of("bakery", 3, [*pictures, *small])
    assert reduced == (found and found.replace("/desktop/", "/small/").replace("/phone/", "/small/"))


@pytest.mark.parametrize(
    ("told", "late"),
    [
        (None, ""),
        (seen(3), ""),
        (seen(2, "Its disk is full."), ""),
        (seen(3, NOT_YET), "The web server does not show version 3 yet."),
        (seen(3, "Its disk is full.", "Other."), "The web server does not show version 3 yet: its disk is full."),
    ],
)
def test_what_is_not_served_is_not_called_published(told: SlotSeen | None, late: str) -> None:
    assert late_reason(told, 3) == late
    published = publication_of(site(current=3), told)
    assert (published.current, published.newest, published.late, published.up_to_date) == (3, 4, late, False)
    assert publication_of(site(), told).late == "", "what is not published can't be late"


def job(state: JobState, kind: JobKind = JobKind.EDIT, *steps: str, version: int | None = None) -> Job:
    told = [JobStep(at=NOW + timedelta(seconds=n), phase=Phase.EDITING, text=text) for n, text in enumerate(steps)]
    nothing = dict.fromkeys(("phase", "base", "error", "finished_at"))
    known = {"id": "1" * 28, "site": "bakery", "kind": kind, "state": state, "message": "Blue.", "author": "ana"}
    return Job.model_validate(known | nothing | {"answer": "", "steps": told, "created_at": NOW, "version": version})


def test_a_turn_says_each_step_once() -> None:
    turn = turn_view(job(JobState.RUNNING, JobKind.EDIT, "Read", "Read", "", "Write", "Read"), {}, stopping=True)
    assert (turn.steps, turn.stopping, turn.active, turn.can_retry) == (("Read", "Write", "Read"), True, True, True)


def test_a_request_in_words_goes_past_others_in_words() -> None:
    words, other = JobKind.EDIT, JobKind.RESTORE
    kinds = {"a": words, "b": words, "c": words, "d": other, "e": words}
    waiting = [job(JobState.QUEUED, kind).model_copy(update={"id": name}) for name, kind in kinds.items()]
    found = {name: (place.earlier, place.later) for name, place in places(waiting).items()}
    nowhere = (None, None)
    assert found == {"a": (None, "c"), "b": ("a", "d"), "c": ("b", None), "d": nowhere, "e": nowhere}
    assert [place.later for place in places(waiting[:2]).values()] == ["", None]
    turn = turn_view(waiting[1], {}, waits=places(waiting)["b"])
    assert (turn.waits, turn.earlier, turn.later) == (True, "a", "d")
    assert not turn_view(waiting[1], {}).waits


def test_a_turn_that_ended_is_not_stopping_and_has_its_version() -> None:
    view = version_view(signed_manifest(3, artifact=BLOB, public=BLOB), site())
    ended = turn_view(job(JobState.SUCCEEDED, JobKind.IMPORT, version=3), {3: view}, stopping=True)
    assert (ended.stopping, ended.version, ended.can_retry) == (False, view, False)
    assert turn_view(job(JobState.SUCCEEDED, version=2), {3: view}).version is None


def difference(diff: str | None, *, binary: bool = False) -> FileDifference:
    return FileDifference(path="index.html", change=ChangeKind.MODIFIED, binary=binary, diff=diff)


def test_lines_are_counted_also_where_they_are_left_out() -> None:
    lines = ["--- a", "+++ b", "@@ -1 +1 @@", " same", "-old", "+new", *(f"+{n}" for n in range(400))]
    shown = file_diff(difference("\n".join(lines) + "\n"))
    assert [(line.kind, line.text) for line in shown.lines[:4]] == [
        ("hunk", "@@ -1 +1 @@"),
        ("context", " same"),
        ("removed", "-old"),
        ("added", "+new"),
    ]
    assert (shown.added, shown.removed, len(shown.lines), shown.left_out) == (401, 1, 400, 4)


def test_a_file_that_is_no_text_has_no_lines() -> None:
    shown = file_diff(difference(None, binary=True))
    assert (shown.lines, shown.binary, shown.added, shown.left_out) == ((), True, 0, 0)


@pytest.mark.parametrize(
    ("page", "path"),
    [("index.html", "/"), ("menu/index.html", "/menu/"), ("my index.html", "/my%20index.html"), ("a.html", "/a.html")],
)
def test_a_page_has_the_address_that_visitors_know(page: str, path: str) -> None:
    assert page_address("http://{host}.test:8080", "bakery", 3, page) == f"http://v3--bakery.test:8080{path}"
