"""What a commit and a deployment must satisfy, in the order in which storage checks it."""

import hashlib
from pathlib import Path

import pytest
from pydantic import ValidationError

from daemons.storage.blobs import Blobs
from daemons.storage.fences import FenceClaim
from daemons.storage.stored_site import DesiredRequest, StoredSite
from shared.domain.desired_version import DesiredVersion
from shared.domain.errors import Conflict, NotFound, PageWrightError, StaleFence
from shared.domain.file_list import encode_file_list
from shared.domain.manifest import Blob, Check, CheckStatus, FileList, Manifest
from shared.domain.signing import manifest_bytes, manifest_digest
from shared.domain.vocabulary import SiteNews, Slot
from tests.support.manifests import signed_manifest

_DATA = b"bytes"
_BLOB = Blob(sha256=hashlib.sha256(_DATA).hexdigest(), size=len(_DATA))
_JOB = "a" * 28


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    """The blobs of storage, with the one that every version of these tests needs."""
    kept = Blobs(tmp_path / "blobs", tmp_path)
    kept.path(_BLOB.sha256).write_bytes(_DATA)
    return kept


@pytest.fixture
def site(tmp_path: Path) -> StoredSite:
    """A site that a worker has claimed with fence 5."""
    opened = StoredSite("bakery", tmp_path / "bakery", tmp_path)
    opened.claim(FenceClaim(fence=5, holder="worker-1"))
    return opened


def manifest(number: int, fence: int = 5, blob: Blob = _BLOB, job: str | None = None) -> Manifest:
    return signed_manifest(number, artifact=blob, public=blob, fence=fence, job=job)


def commit(site: StoredSite, blobs: Blobs, manifest: Manifest) -> tuple[bytes, bool]:
    return site.commit(manifest, manifest_bytes(manifest), blobs)


def test_i3_a_job_that_made_a_version_gets_it_again_under_any_fence(site: StoredSite, blobs: Blobs) -> None:
    stored, new = commit(site, blobs, manifest(1, job=_JOB))
    assert new
    site.claim(FenceClaim(fence=6, holder="worker-2"))
    assert commit(site, blobs, manifest(2, fence=4, job=_JOB)) == (stored, False)


def test_i2_a_fence_that_is_not_the_highest_is_refused_first(site: StoredSite, blobs: Blobs) -> None:
    for fence in (4, 6):
        with pytest.raises(StaleFence):
            commit(site, blobs, manifest(9, fence=fence))
        with pytest.raises(StaleFence):
            site.deploy(Slot.PREVIEW, 9, "worker-1", fence, None)


@pytest.mark.parametrize(("blob", "state"), [(Blob(sha256="0" * 64, size=1), "is not stored"), (None, "not 6")])
def test_a_version_whose_bytes_are_not_here_is_refused(
    blob: Blob | None, state: str, site: StoredSite, blobs: Blobs
) -> None:
    with pytest.raises(Conflict, match=state):
        commit(site, blobs, manifest(1, blob=blob or Blob(sha256=_BLOB.sha256, size=6)))
    assert site.head().latest is None


def test_only_a_version_that_exists_can_be_shown(site: StoredSite, blobs: Blobs) -> None:
    commit(site, blobs, manifest(1))
    assert site.deploy(Slot.CURRENT, 1, "ana", None, 0)[1]
    with pytest.raises(NotFound):
        site.deploy(Slot.CURRENT, 2, "ana", None, None)


def _published(site: StoredSite, blobs: Blobs, version: int, **more: object) -> DesiredVersion:
    return site.desire(DesiredRequest(slot=Slot.CURRENT, version=version, by="ana", **more), blobs)


def test_nothing_is_recorded_of_a_wish_that_is_refused(site: StoredSite, blobs: Blobs) -> None:
    """In this order: there is no such version, its checks failed, its files can't be told, another one is shown."""
    listed = encode_file_list(FileList(files=()))
    good = Blob(sha256=hashlib.sha256(listed).hexdigest(), size=len(listed))
    blobs.path(good.sha256).write_bytes(listed)
    commit(site, blobs, manifest(1, blob=good))
    failed = manifest(2).model_copy(update={"checks": (Check(name="links", status=CheckStatus.FAILED),)})
    commit(site, blobs, failed)
    with pytest.raises(NotFound, match="There is no version 3 of this site"):
        _published(site, blobs, 3, expected=7)
    with pytest.raises(Conflict, match="Version 2 failed these checks: links"):
        _published(site, blobs, 2, expected=7)
    with pytest.raises(PageWrightError, match="The list of served files can't be read"):
        _published(site, blobs, 2, expected=7, accept_failed_checks=True)
    with pytest.raises(Conflict, match="No version is published; you expected version 7"):
        _published(site, blobs, 1, expected=7)
    blobs.path(good.sha256).write_bytes(b"other")
    with pytest.raises(PageWrightError, match="A stored file is damaged"):
        _published(site, blobs, 1)
    assert site.head().slots == {}


def test_news_tell_the_manifests_of_what_is_shown_and_of_nothing_else(site: StoredSite, blobs: Blobs) -> None:
    made = [manifest(number) for number in (1, 2, 3)]
    for number, one in enumerate(made, 1):
        commit(site, blobs, one)
        site.deploy(Slot.PREVIEW, number, "worker-1", 5, None)
    assert site.news().manifests == {3: manifest_digest(made[2])}
    asked = DesiredRequest(slot=Slot.PREVIEW, version=1, by="ana")
    assert site.desire(asked, blobs).manifest == manifest_digest(made[0])
    assert site.news() == SiteNews(head=site.head(), manifests={1: manifest_digest(made[0])})


def test_records_that_contradict_each_other_are_damage(site: StoredSite, blobs: Blobs, tmp_path: Path) -> None:
    commit(site, blobs, manifest(1))
    (tmp_path / "bakery/fence").unlink()
    with pytest.raises(PageWrightError) as refused:
        StoredSite("bakery", tmp_path / "bakery", tmp_path)
    assert "it is missing, though the site has versions" in refused.value.__notes__[0]


def test_a_site_is_taken_down_with_the_guards_of_a_publication(site: StoredSite, blobs: Blobs, tmp_path: Path) -> None:
    listed = encode_file_list(FileList(files=()))
    kept = Blob(sha256=hashlib.sha256(listed).hexdigest(), size=len(listed))
    blobs.path(kept.sha256).write_bytes(listed)
    commit(site, blobs, manifest(1, blob=kept))
    asked = DesiredRequest(slot=Slot.CURRENT, version=None, by="ana", expected=1)
    with pytest.raises(Conflict, match="No version is published"):
        site.desire(asked, blobs)
    site.desire(DesiredRequest(slot=Slot.CURRENT, version=1, by="ana"), blobs)
    down = site.desire(asked, blobs)
    assert (down.deployment.version, down.before and down.before.version, down.is_new) == (None, 1, True)
    assert (down.manifest, site.news().manifests) == (None, {})
    assert not site.desire(asked, blobs).is_new, "a second click"
    reopened = StoredSite("bakery", tmp_path / "bakery", tmp_path)
    assert reopened.head().is_taken_down
    assert reopened.desire(DesiredRequest(slot=Slot.CURRENT, version=1, by="ana", expected=0), blobs).is_new


def test_a_preview_always_shows_a_version() -> None:
    with pytest.raises(ValidationError, match="only current can show nothing"):
        DesiredRequest(slot=Slot.PREVIEW, version=None, by="ana")
