"""How jobs end that no worker ends: what the queue itself writes of them."""

from shared.domain.vocabulary import Failure, JobState, Outcome

MOST_ATTEMPTS = 3
CANCELLED = Outcome(state=JobState.CANCELLED).model_dump_json()
GIVEN_UP = Outcome(
    state=JobState.FAILED,
    error=Failure(
        detail=f"The worker stopped without an answer {MOST_ATTEMPTS} times, so the job was given up.",
        hint="Ask again in smaller steps. If that fails too, tell the operator.",
    ),
).model_dump_json()
