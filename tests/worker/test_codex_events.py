"""Codex's events as steps for a person; the lines are hostile input."""

import json

from hypothesis import given
from hypothesis import strategies as st

from daemons.worker.codex.events import Transcript


def _line(**event: object) -> bytes:
    return json.dumps(event).encode()


def _item(kind: str, **item: object) -> bytes:
    return _line(type=kind, item=item)


def test_a_good_run_gives_steps_and_an_answer() -> None:
    transcript = Transcript()
    steps = [
        transcript.read(line)
        for line in (
            _line(type="thread.started", thread_id="x"),
            _item("item.started", type="command_execution", command="/bin/bash -c 'grep -n A *.html'"),
            _item("item.completed", type="command_execution", command="/bin/bash -c 'grep -n A *.html'"),
            _item("item.started", type="command_execution", command="/bin/sh -c \"python3 - about.html <<'X'\nx\nX\""),
            _item("item.completed", type="file_change", changes=[{"path": "/ws/about.html", "kind": "update"}]),
            _item("item.completed", type="agent_message", text="The headline\nis new."),
            _line(type="turn.completed", usage={}),
        )
    ]
    assert [step for step in steps if step] == [
        "Reading the site",
        "Working on the site: about.html",
        "Changed about.html",
    ]
    assert transcript.completed
    assert transcript.answer == "The headline\nis new."


def test_a_failed_turn_is_not_completed() -> None:
    transcript = Transcript()
    transcript.read(_line(type="turn.failed", error={"message": "unexpected status 401"}))
    assert not transcript.completed
    assert transcript.error == "unexpected status 401"


def test_control_characters_and_floods_do_not_get_through() -> None:
    transcript = Transcript()
    step = transcript.read(_item("item.started", type="command_execution", command="\x1b[31m" + "x" * 10_000 + ".html"))
    assert step is not None
    assert "\x1b" not in step
    assert len(step) < 200
    transcript.read(_item("item.completed", type="agent_message", text="\x1b]0;title\x07" + "y" * 100_000))
    assert "\x1b" not in transcript.answer
    assert len(transcript.answer) <= 8_000


@given(
    st.binary()
    | st.recursive(
        st.none() | st.text() | st.integers(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["type", "item", "error", "text", "command", "changes", "path", "message"]), inner
            )
        ),
    ).map(lambda value: json.dumps(value).encode())
)
def test_no_line_breaks_the_reader(line: bytes) -> None:
    Transcript().read(line)
