"""What a person may ask for: a message that can be kept and read."""

from shared.errors import InvalidInput
from shared.vocabulary import MESSAGE_LIMIT


def clean_message(message: str) -> str:
    """A message as it is kept; raises InvalidInput if it says nothing, too much, or holds control characters."""
    stripped = message.strip()
    if not stripped:
        raise InvalidInput("The message is empty.", "Say what should change.")
    if len(stripped) > MESSAGE_LIMIT:
        raise InvalidInput(f"The message is longer than {MESSAGE_LIMIT:,} characters.", "Ask for less at once.")
    if "\0" in stripped:
        raise InvalidInput("The message holds a NUL character.", "Send plain text.")
    return stripped
