"""What a person may ask for, and what they are told of a request from an older version."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemons.api.jobs.edit_request import base_note, clean_message
from shared.domain.errors import InvalidInput
from shared.domain.vocabulary import MESSAGE_LIMIT


@pytest.mark.parametrize(
    ("message", "says"),
    [(" \n\t", "is empty"), ("x" * (MESSAGE_LIMIT + 1), "1 character did not fit"), ("a\0b", "a NUL character")],
)
def test_what_can_not_be_kept_is_refused(message: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        clean_message(message)


@given(st.text(st.characters(exclude_characters="\0"), max_size=80).filter(lambda text: text.strip()))
def test_a_message_is_kept_as_it_was_written(message: str) -> None:
    assert clean_message(f" {message}\n") == message.strip()


def test_the_longest_message_counts_without_its_margins() -> None:
    assert len(clean_message(f"  {'x' * MESSAGE_LIMIT}  ")) == MESSAGE_LIMIT


LACKS = "This starts from version 3: it will not have the changes of version 4."
COMING = "Another request for this site is not done yet: if it makes a version, this one will not have its changes."
ADVICE = "Ask without a base to start from the newest."


@pytest.mark.parametrize(
    ("base", "latest", "others_wait", "note"),
    [
        (3, 4, False, f"{LACKS} {ADVICE}"),
        (3, 4, True, f"{LACKS} {COMING} {ADVICE}"),
        (4, 4, True, f"{COMING} {ADVICE}"),
        (4, 4, False, ""),
        (3, None, False, ""),
    ],
)
def test_a_request_says_what_it_will_lack(base: int, latest: int | None, others_wait: bool, note: str) -> None:
    assert base_note(base, latest, others_wait=others_wait) == note
