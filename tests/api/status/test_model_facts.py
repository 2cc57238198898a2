"""What the model daemon tells of itself, whatever its release."""

import asyncio

import pytest

from daemons.api.status.model_facts import ModelFacts, ask_model_daemon
from shared.domain.errors import PageWrightError, TooMany, Unavailable
from tests.support.replies import reply, replying


def asked(sent: bytes) -> ModelFacts:
    async def run() -> ModelFacts:
        async with replying(sent) as server:
            return await ask_model_daemon(server.address)

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
    with pytest.raises(Unavailable, match="can't be reached"):
        asyncio.run(ask_model_daemon("127.0.0.1:1"))
