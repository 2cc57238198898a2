"""What the model daemon tells of itself, whatever its release, and how an answer is waited for."""

import asyncio

import pytest

from shared.clients.model import ModelClient, ModelUnreachable
from shared.domain.errors import PageWrightError, TooMany, Unavailable
from shared.domain.model_facts import ModelFacts
from shared.domain.vocabulary import new_id
from tests.support.replies import reply, replying


def asked(sent: bytes) -> ModelFacts:
    async def run() -> ModelFacts:
        async with replying(sent) as server, ModelClient(server.address) as model:
            return await model.facts()

    return asyncio.run(run())


def test_a_daemon_of_another_release_may_tell_more_or_less() -> None:
    facts = asked(reply({"name": "m", "practice": True, "invented_later": [1]}))
    assert (facts.name, facts.practice, facts.release, facts.probe) == ("m", True, None, None)


@pytest.mark.parametrize(
    ("sent", "kind", "says"),
    [
        (reply({"practice": True}), Unavailable, "can't be read"),
        (reply(b"<html>"), Unavailable, "can't be read"),
        (reply({"detail": "Enough for today.", "hint": "Wait."}, 429), TooMany, "Enough for today"),
    ],
)
def test_an_answer_that_is_none_is_told(sent: bytes, kind: type[PageWrightError], says: str) -> None:
    with pytest.raises(kind, match=says):
        asked(sent)


def test_a_daemon_that_is_away_is_told() -> None:
    async def run() -> None:
        async with ModelClient("127.0.0.1:1") as model:
            for question in (model.facts(), model.usage(new_id()), model.probe()):
                with pytest.raises(ModelUnreachable, match="can't be reached"):
                    await question
            with pytest.raises(ModelUnreachable):
                async with model.answer(b"{}", restart_seconds=0):
                    pass

    asyncio.run(run())


def test_an_answer_that_the_daemon_refuses_is_its_own_error() -> None:
    async def run() -> None:
        async with (
            replying(reply({"detail": "Enough for today.", "hint": "Wait."}, 429)) as server,
            ModelClient(server.address, "ticket") as model,
        ):
            with pytest.raises(TooMany, match="Enough for today"):
                async with model.answer(b"{}", restart_seconds=0):
                    pass

    asyncio.run(run())
