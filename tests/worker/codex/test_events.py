"""Codex's events as steps for a person; the lines are hostile input."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemons.worker.codex.events import Transcript
from daemons.worker.codex.tally import CommandTally


def _line(**event: object) -> bytes:
    return json.dumps(event).encode()


def _item(kind: str, **item: object) -> bytes:
    return _line(type=kind, item=item)


def _file_change(status: str) -> bytes:
    return _item("item.completed", type="file_change", status=status, changes=[{"path": "/ws/about.html"}])


def _ran(command: str, exit_code: int, status: str = "") -> bytes:
    status = status or ("failed" if exit_code else "completed")
    return _item(
        "item.completed",
        type="command_execution",
        command=f"/bin/bash -c '{command}'",
        exit_code=exit_code,
        status=status,
    )


def test_commands_are_counted_by_how_they_ended() -> None:
    transcript = Transcript()
    steps = [
        transcript.read(line)
        for line in (
            _ran("ls", 0),
            _ran("cp a.html b.html", 1),
            _ran("rm x", 0, "declined"),
            _file_change("completed"),
            _file_change("failed"),
            _item("item.started", type="command_execution", command="sleep 9", status="in_progress"),
        )
    ]
    assert transcript.tally == CommandTally(ended=5, failed=3)
    assert steps[:3] == [None, "A command failed: a.html, b.html", "A command failed"]


@pytest.mark.parametrize(
    "command", ["grep -q x a.html", "cat a.html | grep x", "ls && test -f a", "[ -f a ]", "diff a b"]
)
def test_an_exit_code_that_answers_is_no_failure(command: str) -> None:
    transcript = Transcript()
    assert transcript.read(_ran(command, 1)) is None
    assert transcript.tally == CommandTally(ended=1)
    transcript.read(_ran(command, 2))
    assert (transcript.tally.ended, transcript.tally.failed) == (2, 1)


def test_what_writes_is_not_told_as_reading() -> None:
    started = [
        Transcript().read(_item("item.started", type="command_execution", command=f"/bin/bash -c '{command}'"))
        for command in ("sed -i s/a/b/ a.html", "cat a.html > b.html", "sed -n 1,5p a.html", "cat a.html 2>/dev/null")
    ]
    assert [str(step).partition(" ")[0] for step in started] == ["Working", "Working", "Reading", "Reading"]


def test_a_good_run_gives_steps_and_an_answer() -> None:
    transcript = Transcript()
    steps = [
        transcript.read(line)
        for line in (
            _line(type="thread.started", thread_id="x"),
            _item("item.started", type="command_execution", command="/bin/bash -c 'grep -n A *.html'"),
            _ran("grep -n A *.html", 0),
            _item("item.started", type="command_execution", command="/bin/sh -c \"python3 - about.html <<'X'\nx\nX\""),
            _file_change("completed"),
            _file_change("failed"),
            _item("item.completed", type="agent_message", text="The headline\nis new."),
            _line(type="turn.completed", usage={}),
        )
    ]
    assert [step for step in steps if step] == [
        "Reading the site",
        "Working on the site: about.html",
        "Changed about.html",
        "Could not change about.html",
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


@pytest.mark.parametrize(
    ("body", "code", "told"),
    [
        ("printf " + "A" * 300_000, 1, "A command failed"),
        ("cat " + "sed -" * 60_000, 1, "A command failed"),
        ("cat a; grep x " + "a " * 100_000, 1, None),
        ("grep x " + "a " * 100_000, 2, "A command failed"),
    ],
)
def test_a_long_command_is_read_like_a_short_one(body: str, code: int, told: str | None) -> None:
    """And as fast: minutes here would cost the worker its lease."""
    item = {"type": "command_execution", "command": f"/bin/bash -lc '{body}'", "status": "failed", "exit_code": code}
    assert Transcript().read(_line(type="item.completed", item=item)) == told


def test_a_patch_of_many_files_says_how_many() -> None:
    changes = [{"path": f"/ws/{number}.html"} for number in range(9)]
    item = _item("item.completed", type="file_change", status="completed", changes=changes)
    assert Transcript().read(item) == "Changed 0.html, 1.html, 2.html, 3.html, 4.html and 4 more"
