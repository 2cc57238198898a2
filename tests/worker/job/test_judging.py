"""An edit is judged after its checks; other jobs are not."""

from datetime import UTC, datetime

import pytest

from daemons.worker.base import Base
from daemons.worker.checks.run import Checked
from daemons.worker.job.editing import Edited
from daemons.worker.job.judging import judge_version
from shared.domain.manifest import Blob, Check, CheckStatus
from shared.domain.tree import compare
from shared.domain.visible_changes import VisibleChanges
from shared.domain.vocabulary import Deployment, JobKind, JobRequest, SiteHead, Slot, new_id
from tests.support.manifests import signed_manifest

BEFORE, AFTER = {"index.html": b"<p>a</p>"}, {"index.html": b"<p>a</p>\n<!-- done -->"}


FIRST = Base(source=BEFORE)
NEW = SiteHead(site="bakery")


def _judged(
    kind: JobKind, seen: VisibleChanges | None, base: Base = FIRST, head: SiteHead = NEW
) -> tuple[Edited, Checked]:
    request = JobRequest(
        id=new_id(),
        site="bakery",
        kind=kind,
        message="Make index.html better",
        author="a",
        created_at=datetime.now(UTC),
    )
    edited, checked = Edited(AFTER, "Done!"), Checked((), (), (), b"", seen)
    changes = compare(BEFORE, AFTER)
    return judge_version(request, head, base, edited=edited, changes=changes, checked=checked)


def test_an_edit_of_what_nobody_sees_is_never_told_as_done() -> None:
    edited, checked = _judged(JobKind.EDIT, VisibleChanges())
    assert edited.answer == "Nothing that anybody can see was changed.\nThe agent says: Done!"
    assert [check.name for check in checked.checks] == ["scope", "asked"]
    assert checked.changes
    assert checked.changes.scope


def test_what_the_version_before_did_unasked_is_told_again_until_somebody_keeps_it() -> None:
    blob = Blob(sha256="0" * 64, size=0)
    unasked = Check(name="unasked", status=CheckStatus.FAILED, findings=("b.html: Headline: “a” → “b”",))
    parent = signed_manifest(3, artifact=blob, public=blob).model_copy(update={"checks": (unasked,)})
    shown = Deployment(number=1, site="bakery", slot=Slot.PREVIEW, version=3, by="ana", at=datetime.now(UTC))
    for slots, told in (({}, ["still as in version 3: b.html: Headline: “a” → “b”"]), ({Slot.PREVIEW: shown}, [])):
        head = SiteHead(site="bakery", latest=3, slots=slots)
        _, checked = _judged(JobKind.EDIT, VisibleChanges(), Base(parent, BEFORE), head)
        assert [text for check in checked.checks if check.name == "unasked" for text in check.findings] == told


@pytest.mark.parametrize(("kind", "seen"), [(JobKind.RESTORE, VisibleChanges()), (JobKind.EDIT, None)])
def test_what_is_no_edit_or_has_no_parent_stays_as_it_is(kind: JobKind, seen: VisibleChanges | None) -> None:
    edited, checked = _judged(kind, seen)
    assert (edited.answer, checked.checks, checked.changes) == ("Done!", (), seen)
