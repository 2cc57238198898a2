"""What a job came to, and how it is told; also for records that an older release made."""

import pytest

from shared.domain.job_outcome import JobOutcome, answer_of, outcome_of, tell_unchanged
from shared.domain.vocabulary import JobKind, JobState, Outcome


@pytest.mark.parametrize(
    ("state", "version", "outcome"),
    [
        (JobState.QUEUED, None, None),
        (JobState.RUNNING, None, None),
        (JobState.SUCCEEDED, 3, JobOutcome.CHANGED),
        (JobState.SUCCEEDED, None, JobOutcome.UNCHANGED),
        (JobState.FAILED, None, JobOutcome.FAILED),
        (JobState.CANCELLED, None, JobOutcome.CANCELLED),
    ],
)
def test_it_follows_from_state_and_version(state: JobState, version: int | None, outcome: JobOutcome | None) -> None:
    assert outcome_of(state, version) is outcome


def test_nothing_changed_comes_first_and_once() -> None:
    told = tell_unchanged("Done!", "2 of 3 commands failed.")
    assert told == "Nothing was changed. 2 of 3 commands failed.\nThe agent says: Done!"
    assert tell_unchanged(told) == told
    assert tell_unchanged("") == "Nothing was changed."


@pytest.mark.parametrize(
    ("kind", "state", "version", "answer", "told"),
    [
        (JobKind.EDIT, JobState.SUCCEEDED, 2, "Done!", "Done!"),
        (JobKind.EDIT, JobState.SUCCEEDED, None, "Done!", "Nothing was changed.\nThe agent says: Done!"),
        (JobKind.EDIT, JobState.FAILED, None, "", ""),
        (JobKind.RESTORE, JobState.SUCCEEDED, None, "Version 1 is back as a new version.", "Nothing was changed."),
        (JobKind.RESTORE, JobState.SUCCEEDED, None, "Nothing was changed. It is so.", "Nothing was changed. It is so."),
    ],
)
def test_an_older_release_is_corrected(
    kind: JobKind, state: JobState, version: int | None, answer: str, told: str
) -> None:
    assert answer_of(kind, Outcome(state=state, version=version, answer=answer)) == told
