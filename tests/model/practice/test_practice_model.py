"""The practice model as a source of answers."""

import asyncio
import json

from daemons.model.event_stream import ENDS, StreamEvent
from daemons.model.practice.practice_model import PracticeModel
from daemons.model.request_body import read_request


def answer(text: str) -> list[StreamEvent]:
    async def run() -> list[StreamEvent]:
        request = read_request(json.dumps({"input": text}).encode())
        return [event async for event in PracticeModel().events(request, "job")]

    return asyncio.run(run())


def test_it_says_what_it_is() -> None:
    assert PracticeModel().facts() == {"name": "practice", "practice": True}


def test_an_answer_ends_once_and_in_order() -> None:
    events = answer("help")
    assert [event["type"] in ENDS for event in events] == [False] * (len(events) - 1) + [True]
    assert events[-1]["response"]["model"] == "practice"
    assert "practice model" in events[-1]["response"]["output"][0]["content"][0]["text"]


def test_another_question_is_another_answer() -> None:
    assert answer("help")[-1]["response"]["id"] != answer("Sing!")[-1]["response"]["id"]
