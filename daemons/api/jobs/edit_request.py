"""What a person may ask for: a message that can be kept and read, from a version that may lack what others did."""

from collections.abc import Sequence

from shared.domain.attachments import with_names
from shared.domain.errors import InvalidInput
from shared.domain.older_base import missing_changes
from shared.domain.vocabulary import MESSAGE_LIMIT


def clean_message(message: str, names: Sequence[str] = ()) -> str:
    """A message as it is kept, with the names of attached files.

    Raises InvalidInput if it says nothing, too much, or holds control characters.
    """
    stripped = message.strip()
    if not stripped:
        raise InvalidInput("The message is empty.", "Say what should change.")
    whole = with_names(stripped, names)
    excess = len(whole) - MESSAGE_LIMIT
    if excess > 0:
        characters = "1 character" if excess == 1 else f"{excess:,} characters"
        detail = f"{characters} did not fit: a message has at most {MESSAGE_LIMIT:,}."
        raise InvalidInput(detail, "Shorten it, or send it in parts.")
    if "\0" in stripped:
        raise InvalidInput("The message holds a NUL character.", "Send plain text.")
    return whole


def base_note(base: int, latest: int | None, *, others_wait: bool) -> str:
    """What a job that starts from the version `base` will lack; empty if nothing is known of anything."""
    missing = f"This starts from version {base}: it will not have {missing_changes(base, latest or base)}."
    coming = "Another request for this site is not done yet: if it makes a version, this one will not have its changes."
    facts = [fact for fact, holds in ((missing, base < (latest or base)), (coming, others_wait)) if holds]
    return " ".join([*facts, "Ask without a base to start from the newest."]) if facts else ""
