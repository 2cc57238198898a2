"""A free text tool as a function: declared, called, streamed, and turned back, also where the arguments are broken."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemons.model.dialects.custom_tools import TextStream, as_function, unwrapped, wrapped
from daemons.model.request_parts import CustomFormat, CustomTool

PATCH = '*** Begin Patch\n*** Update File: a.html\n@@\n-"old" \\ ä\n+new 😀\t\n*** End Patch'
ESCAPED = json.dumps(PATCH)[1:-1]


def test_the_declaration_says_how_to_write_a_patch_and_not_that_it_is_freeform() -> None:
    said = "The tool can be used to edit files. This is a FREEFORM tool, so do not wrap the patch in JSON."
    tool = as_function(CustomTool(type="custom", name="apply_patch", description=said))
    assert tool.description
    assert "edit files" in tool.description
    assert "*** Update File: " in tool.description
    assert "FREEFORM" not in tool.description
    assert tool.parameters
    assert tool.parameters["required"] == ["input"]
    assert tool.parameters["properties"]["input"]["type"] == "string"


def test_another_tool_is_declared_with_its_grammar() -> None:
    grammar = CustomFormat(type="grammar", syntax="lark", definition='start: "x"')
    tool = as_function(CustomTool(type="custom", name="other", format=grammar))
    assert 'start: "x"' in (tool.description or "")


UNDERSTOOD: dict[str, str] = {
    "as declared": json.dumps({"input": PATCH}),
    "another key": json.dumps({"patch": PATCH}),
    "beside another key": json.dumps({"explanation": "I edit.", "diff": PATCH}),
    "as for a shell": json.dumps({"command": ["apply_patch", PATCH]}),
    "a JSON string": json.dumps(PATCH),
    "a list": json.dumps(["apply_patch", PATCH]),
    "no JSON": PATCH,
    "in a fence": f"```\n{PATCH}\n```",
    "line ends in JSON": '{"input": "' + PATCH.replace("\\", "\\\\").replace('"', '\\"') + '"}',
    "an unclosed object": f'{{"input": "{ESCAPED}"',
    "a stray brace": f'{{"input": "{ESCAPED}"}}}}',
    "unquoted key": f'{{input: "{ESCAPED}"}}',
}


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_a_patch_is_found_where_there_clearly_is_one(name: str) -> None:
    assert unwrapped(UNDERSTOOD[name]) == PATCH


@pytest.mark.parametrize(
    "arguments", ["", "{", '{"input": "*** Begin Patch\\n*** Upd', '{"a": 1}', "[" * 100_000, "please edit the file"]
)
def test_what_is_no_patch_stays_as_it_is(arguments: str) -> None:
    """Codex tells the model what is wrong with it."""
    assert unwrapped(arguments) == arguments


@given(st.text())
def test_every_text_comes_back(text: str) -> None:
    assert unwrapped(wrapped(text)) == text


@given(st.text(), st.integers(1, 9), st.booleans())
def test_a_stream_tells_the_same_text_whatever_its_pieces(text: str, size: int, ascii_only: bool) -> None:
    arguments = json.dumps({"input": text}, ensure_ascii=ascii_only)
    stream = TextStream()
    pieces = [stream.feed(arguments[start : start + size]) for start in range(0, len(arguments), size)]
    assert "".join(pieces) == text


def test_a_stream_of_no_json_is_told_as_it_is() -> None:
    stream = TextStream()
    assert "".join(map(stream.feed, re.findall(r"(?s).{1,3}", PATCH))) == PATCH


def test_a_stream_tells_text_before_it_ends() -> None:
    """Codex gives up an answer in which nothing happens."""
    stream = TextStream()
    assert stream.feed('{"input": "*** Begin') == "*** Begin"
    assert stream.feed(" Patch\\n") == " Patch\n"


def test_a_stream_with_a_broken_escape_goes_on() -> None:
    stream = TextStream()
    said: list[Any] = [stream.feed('{"input": "a'), stream.feed("\\q"), stream.feed("b")]
    assert said == ["a", "", "b"]
