"""What one answer uses is counted however it ends."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from daemons.model.budgets import BudgetLimits, Budgets
from daemons.model.event_stream import StreamEvent
from daemons.model.metering import metered, usage
from shared.domain.errors import BadGateway

_TEXT: StreamEvent = {"type": "response.output_text.delta", "delta": "x" * 40}
_END: StreamEvent = {
    "type": "response.completed",
    "response": {"usage": {"input_tokens": 7, "output_tokens": 3}},
}


@pytest.fixture
def budgets(tmp_path: Path) -> Iterator[Budgets]:
    kept = Budgets(tmp_path, BudgetLimits(10, 10_000, 10_000))
    kept.count_request("job")
    yield kept
    kept.close()


async def answer(*events: StreamEvent, fault: Exception | None = None) -> AsyncGenerator[StreamEvent, None]:
    for event in events:
        yield event
    if fault:
        raise fault


def counted(budgets: Budgets, source: AsyncGenerator[StreamEvent, None], read: int = 9) -> tuple[int, int]:
    """The tokens in and out, once `read` events of an answer to a request of 400 bytes were read."""

    async def listen() -> None:
        async with aclosing(metered(source, "model", 400, "job", budgets)) as events:
            for _ in range(read):
                await anext(events, None)

    asyncio.run(listen())
    used = budgets.usage("job")
    return used.input_tokens, used.output_tokens


def test_the_endpoints_count_is_taken(budgets: Budgets) -> None:
    assert counted(budgets, answer(_TEXT, _END)) == (7, 3)


def test_hanging_up_in_time_is_not_free(budgets: Budgets) -> None:
    assert counted(budgets, answer(_TEXT, _END), read=1) == (100, 10)


def test_an_answer_that_was_refused_costs_nothing(budgets: Budgets) -> None:
    with pytest.raises(BadGateway):
        counted(budgets, answer(fault=BadGateway("no")))
    assert budgets.usage("job").input_tokens == 0


@pytest.mark.parametrize(
    "count", [None, {}, {"input_tokens": 1}, {"input_tokens": -1, "output_tokens": 1}, {"input_tokens": "1"}]
)
def test_a_count_that_can_not_be_true_is_none(count: object) -> None:
    assert usage({"type": "response.completed", "response": {"usage": count}}) is None
