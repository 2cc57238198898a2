"""One answer tells whether an endpoint knows free text tools, or that it does not tell."""

import pytest

from daemons.model.dialects.trial import knows_free_text, trial_request
from daemons.model.event_stream import StreamEvent

_CALL = {"type": "custom_tool_call", "name": "apply_patch"}


def ended(how: str, *items: object) -> list[StreamEvent]:
    done = [{"type": "response.output_item.done", "item": item} for item in items]
    return [*done, {"type": f"response.{how}"}]


@pytest.mark.parametrize(
    ("events", "knows"),
    [
        (ended("completed", {"type": "message"}, _CALL), True),
        (ended("failed", _CALL), True),
        (ended("completed", {"type": "message"}), False),
        (ended("completed", {"type": "function_call", "name": "apply_patch"}), False),
        (ended("failed"), None),
        (ended("incomplete", "no item"), None),
    ],
)
def test_the_answer_tells(events: list[StreamEvent], knows: bool | None) -> None:
    assert knows_free_text(events) is knows


def test_the_request_offers_one_free_text_tool() -> None:
    assert [(tool.type, tool.name) for tool in trial_request().tools or ()] == [("custom", "apply_patch")]
