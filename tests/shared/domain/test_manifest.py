"""A check's findings are counted in whole, also where only some of them are kept."""

import pytest

from daemons.storage.stored_site import referenced_blobs
from shared.domain.manifest import Blob, Check, CheckStatus, Screenshot, report_entry
from tests.support.manifests import signed_manifest


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


def test_the_report_stands_among_the_screenshots_and_is_no_picture() -> None:
    """An older release reads the record, keeps its signature and saves the report as it saves a picture."""
    picture = Screenshot(page="index.html", viewport="desktop", image=Blob(sha256="1" * 64, size=1))
    report = Blob(sha256="2" * 64, size=2)
    bare = signed_manifest(1, artifact=Blob(sha256="3" * 64, size=3), public=Blob(sha256="4" * 64, size=4))
    manifest = bare.model_copy(update={"screenshots": (picture, report_entry(report))})
    assert (manifest.report, manifest.pictures) == (report, (picture,))
    assert report in referenced_blobs(manifest)
    assert bare.report is None
