"""A step of the practice model as the events of a stream."""

import json

from daemons.model.practice.response_events import answer_events
from daemons.model.request_body import read_request


def test_the_same_request_gets_the_same_answer() -> None:
    request = read_request(json.dumps({"input": "help"}).encode())
    first, second = (list(answer_events(request, "practice")) for _ in range(2))
    assert first == second
    assert [event["sequence_number"] for event in first] == list(range(len(first)))
    assert first[-1]["response"]["usage"]["total_tokens"] > 0
