"""What a person wrote does not get into the journal by way of an error's text (DESIGN 6)."""

import pytest
from pydantic import ValidationError

from shared.domain.vocabulary import ChatMessage, Progress


def test_an_error_does_not_repeat_the_value() -> None:
    with pytest.raises(ValidationError) as wrong:
        Progress.model_validate({"phase": "my secret plan", "text": "private words"})
    assert "secret" not in str(wrong.value)
    with pytest.raises(ValidationError) as long:
        ChatMessage(role="user", text="private " * 1000)
    assert "private" not in str(long.value)
