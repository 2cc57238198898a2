"""An edit is judged after its checks; other jobs are not."""

from datetime import UTC, datetime

import pytest

from daemons.worker.base import Base
from daemons.worker.checks.run import Checked
from daemons.worker.job.editing import Edited
from daemons.worker.job.judging import judge_version
from shared.domain.tree import compare
from shared.domain.visible_changes import VisibleChanges
from shared.domain.vocabulary import JobKind, JobRequest, new_id

BEFORE, AFTER = {"index.html": b"<p>a</p>"}, {"index.html": b"<p>a</p>\n<!-- done -->"}


def _judged(kind: JobKind, seen: VisibleChanges | None) -> tuple[Edited, Checked]:
    request = JobRequest(
        id=new_id(),
        site="bakery",
        kind=kind,
        message="Make index.html better",
        author="a",
        created_at=datetime.now(UTC),
    )
    edited, checked = Edited(AFTER, "Done!"), Checked((), (), (), b"", seen)
    return judge_version(request, Base(source=BEFORE), edited, compare(BEFORE, AFTER), checked)


def test_an_edit_of_what_nobody_sees_is_never_told_as_done() -> None:
    edited, checked = _judged(JobKind.EDIT, VisibleChanges())
    assert edited.answer == "Nothing that anybody can see was changed.\nThe agent says: Done!"
    assert [check.name for check in checked.checks] == ["scope", "asked"]
    assert checked.changes
    assert checked.changes.scope


@pytest.mark.parametrize(("kind", "seen"), [(JobKind.RESTORE, VisibleChanges()), (JobKind.EDIT, None)])
def test_what_is_no_edit_or_has_no_parent_stays_as_it_is(kind: JobKind, seen: VisibleChanges | None) -> None:
    edited, checked = _judged(kind, seen)
    assert (edited.answer, checked.checks, checked.changes) == ("Done!", (), seen)
