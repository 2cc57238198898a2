"""What the queue tells, read from the texts that Redis keeps."""

from datetime import UTC, datetime

import pytest

from shared.domain.job_records import Event, EventKind, JobStatus, KnownJob, RunningJob
from shared.domain.vocabulary import JobState, Outcome, Phase, Progress

JOB = "0" * 28
PROGRESS = Progress(phase=Phase.EDITING, text="Reading")
OUTCOME = Outcome(state=JobState.SUCCEEDED, version=3, answer="Done.")
AT = "1767225600500"
STATUS = {"site": "bakery", "state": "running", "attempt": "2", "queued_at": AT}


@pytest.mark.parametrize(
    ("fields", "event"),
    [
        ({"kind": "queued"}, Event(kind=EventKind.QUEUED)),
        ({"kind": "running", "attempt": "2"}, Event(kind=EventKind.RUNNING, attempt=2)),
        (
            {"kind": "progress", "progress": PROGRESS.model_dump_json()},
            Event(kind=EventKind.PROGRESS, progress=PROGRESS),
        ),
        ({"kind": "final", "outcome": OUTCOME.model_dump_json()}, Event(kind=EventKind.FINAL, outcome=OUTCOME)),
    ],
)
def test_an_event_is_read_with_what_it_has(fields: dict[str, str], event: Event) -> None:
    assert Event.from_fields(fields) == event


def test_a_status_tells_the_present_attempt() -> None:
    present = {"worker": "w1", "progress": PROGRESS.model_dump_json(), "cancel": "1"}
    status = JobStatus.from_fields(JOB, STATUS | present)
    assert (status.state, status.attempt, status.worker, status.progress) == (JobState.RUNNING, 2, "w1", PROGRESS)
    assert (status.cancel_asked, status.version, status.outcome) == (True, None, None)
    assert status.queued_at == datetime(2026, 1, 1, 0, 0, 0, 500_000, UTC)
    ended = JobStatus.from_fields(JOB, STATUS | {"state": "succeeded", "outcome": OUTCOME.model_dump_json()})
    assert (ended.version, ended.cancel_asked) == (3, False)


def test_a_known_job_is_read_from_names_and_values_in_turn() -> None:
    flat = [part for pair in STATUS.items() for part in pair]
    known = KnownJob.from_reply(JOB, flat, [("1-0", ["kind", "queued"]), ("2-0", ["kind", "running", "attempt", "1"])])
    assert known.status == JobStatus.from_fields(JOB, STATUS)
    told = [(at, event.kind, event.attempt) for at, event in known.events]
    assert told == [("1-0", "queued", None), ("2-0", "running", 1)]
    with pytest.raises(ValueError, match="shorter"):
        KnownJob.from_reply(JOB, flat[:-1], [])


@pytest.mark.parametrize(
    ("claimed_at", "progress", "cancel", "phase", "asked"),
    [(AT, PROGRESS.model_dump_json(), "1", Phase.EDITING, True), (None, None, None, None, False)],
)
def test_a_running_job_may_be_one_that_an_older_release_claimed(
    claimed_at: str | None, progress: str | None, cancel: str | None, phase: Phase | None, asked: bool
) -> None:
    running = RunningJob.from_reply([-1500, JOB, "bakery", "w1", "2", claimed_at, progress, cancel])
    assert (running.lease_seconds, running.attempt, running.phase, running.cancel_asked) == (-1.5, 2, phase, asked)
    assert (running.claimed_at is None) is (claimed_at is None)


def test_a_lease_that_is_not_known_has_run_out() -> None:
    assert RunningJob.from_reply([None, JOB, "bakery", "w1", "1", None, None, None]).lease_seconds == 0
