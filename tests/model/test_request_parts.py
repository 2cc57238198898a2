"""A part of a request is strict about what it is, and a field that is text or parts is read as the one that it is."""

import pytest
from pydantic import ValidationError

from daemons.model.request_parts import InputImage, MessageItem, shape_of

_PICTURE = "data:image/png;base64,AAAA"


def test_a_message_is_text_or_parts() -> None:
    assert (shape_of("hello"), shape_of([]), shape_of(7)) == ("words", "parts", "parts")
    said = MessageItem.model_validate({"role": "user", "content": "hello"})
    shown = MessageItem.model_validate(
        {"role": "user", "content": [{"type": "input_image", "image_url": _PICTURE, "later": 1}]}
    )
    assert said.model_dump(exclude_none=True)["content"] == "hello"
    assert shown.model_dump(exclude_none=True)["content"] == [{"type": "input_image", "image_url": _PICTURE}]


@pytest.mark.parametrize("url", ["http://a/b.png", "data:text/html;base64,AAAA", "data:image/svg+xml;base64,AAAA", ""])
def test_a_picture_carries_its_bytes(url: str) -> None:
    with pytest.raises(ValidationError, match="image_url"):
        InputImage.model_validate({"type": "input_image", "image_url": url})
