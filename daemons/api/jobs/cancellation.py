"""Cancels a job in the queue, also one that the queue has forgotten."""

from shared.clients.job_queue import JobQueue
from shared.domain.vocabulary import JobRequest, JobState


async def cancel_in_queue(queue: JobQueue, request: JobRequest) -> JobState | None:
    """The job's state after that: final at once if nobody works on it, else its worker stops soon."""
    state = await queue.cancel(request.id)
    if state is None:
        # Redis forgot it. In the queue again, it can be cancelled there, where workers look.
        await queue.submit(request)
        state = await queue.cancel(request.id)
    return state
