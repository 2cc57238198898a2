"""Server-sent events arrive the same however the network cuts them."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemons.model.event_stream import BrokenStreamError, EventReader, encode_event

EVENTS = st.lists(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["response.created", "response.output_text.delta", "error"]), "delta": st.text()}
    ),
    max_size=5,
)


def read(*chunks: bytes) -> list[dict[str, object]]:
    reader = EventReader()
    return [event for chunk in chunks for event in reader.feed(chunk)]


@given(EVENTS, st.lists(st.integers(0, 400)), st.sampled_from(["\n", "\r\n", "\r"]))
def test_events_survive_any_cut(sent: list[dict[str, object]], cuts: list[int], line_end: str) -> None:
    stream = b"".join(map(encode_event, sent)).replace(b"\n", line_end.encode()) + b": end\n"
    places = [0, *sorted(cut for cut in cuts if cut < len(stream)), len(stream)]
    assert read(*(stream[a:b] for a, b in pairwise(places))) == sent


@given(st.lists(st.binary(max_size=40), max_size=8))
def test_any_bytes_end_in_events_or_in_a_broken_stream(chunks: list[bytes]) -> None:
    try:
        read(*chunks)
    except BrokenStreamError as error:
        assert str(error)


@pytest.mark.parametrize(
    "data", ["NaN", '{"type":"response.created","x":NaN}', '{"type":5}', "[]", "{}", '"response.created"']
)
def test_what_is_no_event_breaks_the_stream(data: str) -> None:
    with pytest.raises(BrokenStreamError):
        read(f"data: {data}\n\n".encode())


def test_half_a_character_is_replaced() -> None:
    """A model may stop between two bytes of one."""
    (event,) = read(b'data: {"type":"response.output_text.delta","delta":"a\xf0\x9f"}\n\n')
    assert event["delta"] == "a\ufffd"


def test_large_events_pass_and_huge_ones_do_not() -> None:
    text = "x" * (3 << 20)
    event = {"type": "response.output_text.done", "text": text}
    assert read(encode_event(event)) == [event]
    with pytest.raises(BrokenStreamError, match="too large"):
        read(*([b"data: " + json.dumps(text).encode() + b"\n"] * 2))
    with pytest.raises(BrokenStreamError, match="too long"):
        read(b"data: ", *([b"x" * (1 << 20)] * 5))
