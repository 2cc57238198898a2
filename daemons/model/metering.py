"""Counts what one answer uses, however it ends."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from daemons.model.budgets import Budgets
from daemons.model.event_stream import ENDS, StreamEvent
from shared.domain.errors import PageWrightError
from shared.runtime import metrics

_MOST_TOKENS = 100_000_000
_CHARACTERS_A_TOKEN = 4


async def metered(
    answer: AsyncGenerator[StreamEvent, None], model: str, size: int, job: str, budgets: Budgets
) -> AsyncGenerator[StreamEvent, None]:
    """The events of a model's answer to a request of `size` bytes, whose tokens are counted at the end.

    Counts by length if the answer ends without a count, because it broke off or the client left: otherwise a client
    could get tokens for free by hanging up in time.
    """
    counted: tuple[int, int] | None = None
    refused, characters = False, 0
    try:
        async with aclosing(answer) as events:
            async for event in events:
                characters += len(str(event.get("delta", "")))
                if event["type"] in ENDS:
                    counted = usage(event)
                yield event
    except PageWrightError:
        refused = True
        raise
    finally:
        if not refused:
            used = counted or (size // _CHARACTERS_A_TOKEN, characters // _CHARACTERS_A_TOKEN)
            budgets.count_tokens(job, *used)
            metrics.MODEL_TOKENS.labels(model, "in").inc(used[0])
            metrics.MODEL_TOKENS.labels(model, "out").inc(used[1])


def usage(event: StreamEvent) -> tuple[int, int] | None:
    """Input and output tokens as the endpoint counts them, None if it does not."""
    response = event.get("response")
    usage = response.get("usage") if isinstance(response, dict) else None
    if not isinstance(usage, dict):
        return None
    counts = usage.get("input_tokens"), usage.get("output_tokens")
    if any(not isinstance(count, int) or not 0 <= count <= _MOST_TOKENS for count in counts):
        return None
    return int(counts[0] or 0), int(counts[1] or 0)
