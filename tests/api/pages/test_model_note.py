"""The note about the practice model: asked for once a minute, and again while nobody answers."""

import asyncio

from daemons.api.pages.model_note import ModelNote
from htmx_ui.wording import PRACTICE_REQUESTS
from tests.support.replies import reply, replying


def test_the_answer_is_kept() -> None:
    async def run() -> None:
        async with replying(reply({"name": "practice", "practice": True})) as server:
            note = ModelNote(server.address)
            told = [await note.practice() for _ in range(3)]
            assert [one and one.understands for one in told] == [PRACTICE_REQUESTS] * 3
            assert len(server.asked) == 1

    asyncio.run(run())


def test_another_model_has_no_note() -> None:
    async def run() -> None:
        async with replying(reply({"name": "m", "practice": False})) as server:
            note = ModelNote(server.address)
            assert (await note.practice(), await note.practice(), len(server.asked)) == (None, None, 1)

    asyncio.run(run())


def test_a_daemon_that_is_away_is_asked_again() -> None:
    async def run() -> None:
        async with replying(reply(b"", 503), reply({"name": "practice", "practice": True})) as server:
            note = ModelNote(server.address, missed_seconds=0)
            assert await note.practice() is None
            assert await note.practice()

    asyncio.run(run())


def test_pages_that_come_in_a_crowd_ask_a_daemon_that_is_away_once() -> None:
    async def run() -> None:
        async with replying(reply(b"", 503), reply({"name": "practice", "practice": True})) as server:
            note = ModelNote(server.address, missed_seconds=60)
            assert [await note.practice() for _ in range(3)] == [None] * 3
            assert len(server.asked) == 1

    asyncio.run(run())
