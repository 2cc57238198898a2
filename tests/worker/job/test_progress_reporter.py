"""What a job says reaches the person, and never keeps the worker from its next job (I8)."""

import asyncio

import pytest

from daemons.worker.job.progress_reporter import ProgressReporter, check_step
from shared.domain.manifest import Check, CheckStatus
from shared.domain.vocabulary import Phase, Progress


def test_everything_said_is_sent_in_order() -> None:
    """Also the step that is on its way when the job ends."""
    heard: list[str] = []

    async def send(progress: Progress) -> None:
        await asyncio.sleep(0.01)
        heard.append(progress.text)

    async def play() -> None:
        reporter = ProgressReporter()
        async with reporter.sending(send):
            reporter.enter(Phase.EDITING)
            for number in range(5):
                reporter.say(str(number))
            await asyncio.sleep(0.015)

    asyncio.run(play())
    assert heard == ["", "0", "1", "2", "3", "4"]


def test_a_queue_that_hangs_does_not_hold_the_worker() -> None:
    """I8: sending the last steps has a time limit, also if a cancellation gets lost on the way."""

    async def send(_: Progress) -> None:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            return

    async def play() -> None:
        reporter = ProgressReporter(drain_seconds=0.05)
        async with asyncio.timeout(20), reporter.sending(send):
            reporter.enter(Phase.EDITING)
            await asyncio.sleep(0)

    asyncio.run(play())


def test_a_talkative_phase_is_cut_and_counted_and_silences_no_other() -> None:
    heard: list[str] = []

    async def send(progress: Progress) -> None:
        heard.append(progress.text)

    async def play() -> None:
        reporter = ProgressReporter(most_steps=2)
        async with reporter.sending(send):
            for phase in (Phase.EDITING, Phase.CHECKING):
                reporter.enter(phase)
                for number in range(5 if phase is Phase.EDITING else 2):
                    reporter.say(f"{phase.value} {number}")

    asyncio.run(play())
    assert heard == ["", "editing 0", "editing 1", "and 3 more steps", "", "checking 0", "checking 1"]


@pytest.mark.parametrize(
    ("findings", "step"),
    [
        ((), "Check “links”: failed"),
        (("a is broken",), "Check “links”: a is broken"),
        (("a is broken", "b is broken"), "Check “links”: 2 findings, first a is broken"),
        (("a is broken", "and 1500 more"), "Check “links”: 1,501 findings, first a is broken"),
    ],
)
def test_a_check_tells_how_much_it_found(findings: tuple[str, ...], step: str) -> None:
    assert check_step(Check(name="links", status=CheckStatus.FAILED, findings=findings)) == step
