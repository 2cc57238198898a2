"""A job that changed no file says so first, and fails if the agent's commands all failed."""

from datetime import UTC, datetime

import pytest

from daemons.worker.base import Base
from daemons.worker.codex.tally import CommandTally
from daemons.worker.job.editing import Edited
from daemons.worker.job.unchanged import AllCommandsFailed, unchanged
from shared.domain.job_outcome import NOTHING_CHANGED
from shared.domain.vocabulary import JobKind, JobRequest, JobState, new_id


def _request(kind: JobKind) -> JobRequest:
    now = datetime.now(UTC)
    return JobRequest(id=new_id(), site="tea", kind=kind, message="Blue.", author="ann", base=2, created_at=now)


@pytest.mark.parametrize("kind", [JobKind.EDIT, JobKind.RESTORE, JobKind.CREATE])
def test_the_answer_says_first_that_nothing_changed(kind: JobKind) -> None:
    outcome = unchanged(_request(kind), Base(), Edited({}, "I made it blue."))
    assert (outcome.state, outcome.version) == (JobState.SUCCEEDED, None)
    assert outcome.answer.startswith(NOTHING_CHANGED)


def test_a_change_may_be_undone_already() -> None:
    asked = _request(JobKind.RESTORE).model_copy(update={"undo": 4})
    assert "The change of version 4 is undone already." in unchanged(asked, Base(), Edited({}, "")).answer


def test_nothing_unasked_may_be_left_to_take_back() -> None:
    asked = _request(JobKind.RESTORE).model_copy(update={"keep_asked": 4})
    assert (
        unchanged(asked, Base(), Edited({}, "In version 4 nothing.")).answer
        == f"{NOTHING_CHANGED} In version 4 nothing."
    )


def test_the_agent_is_quoted_after_that() -> None:
    assert "I made it blue." in unchanged(_request(JobKind.EDIT), Base(), Edited({}, "I made it blue.")).answer


@pytest.mark.parametrize(("failed", "which"), [(1, "the agent's only command failed"), (3, "all 3 commands")])
def test_commands_that_all_failed_are_a_failure(failed: int, which: str) -> None:
    edited = Edited({}, "Done.", tally=CommandTally(failed, failed))
    with pytest.raises(AllCommandsFailed, match=which) as caught:
        unchanged(_request(JobKind.EDIT), Base(), edited)
    assert "Done." in caught.value.answer
