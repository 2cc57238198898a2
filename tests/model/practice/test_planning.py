"""The practice model's next step, and the events in which it says so."""

import json
from typing import Any

from daemons.model.practice.conversation import Conversation, ToolOutput, read_conversation
from daemons.model.practice.planning import ABILITIES, Patch, Say, Shell, Wait, next_step
from daemons.model.request_body import read_request

TOOLS = frozenset({"exec_command", "write_stdin", "apply_patch", "view_image"})


MESSAGE = 'Replace "a" with "b". Sing!'


PATCH = "*** Begin Patch\n*** End Patch\n"


def found(**result: object) -> ToolOutput:
    head = "Chunk ID: 1\nProcess exited with code 0\nOutput:\n"
    return ToolOutput("exec_command", f"{head}PRACTICE-RESULT {json.dumps(result)}\n")


def step(*outputs: ToolOutput, message: str = MESSAGE, tools: frozenset[str] = TOOLS) -> Shell | Wait | Patch | Say:
    return next_step(Conversation(message, tools, outputs))


WORKED_OUT = found(done=["Replaced."], refused=["No."], patch=PATCH)


APPLIED = ToolOutput("apply_patch", "Exit code: 0\nOutput:\nSuccess.")


REFUSED = ToolOutput("apply_patch", "apply_patch verification failed")


def test_first_it_works_the_change_out() -> None:
    first = step()
    assert isinstance(first, Shell)
    assert '"write": false' in first.command


def test_then_it_applies_the_patch() -> None:
    assert step(WORKED_OUT) == Patch(PATCH)


def test_then_it_says_what_was_done_and_what_was_not() -> None:
    last = step(WORKED_OUT, APPLIED)
    assert isinstance(last, Say)
    assert last.text.startswith("Replaced.\nNo.\nI did not understand: Sing\n")
    assert "practice model" in last.text
    assert step(found(done=["Replaced."], refused=[], patch=None)) == Say(last.text.replace("No.\n", ""))


def test_a_patch_that_does_not_apply_is_made_directly() -> None:
    second = step(WORKED_OUT, REFUSED)
    assert isinstance(second, Shell)
    assert '"write": true' in second.command
    assert isinstance(step(WORKED_OUT, REFUSED, found(done=["Replaced."], refused=[], patch=None)), Say)


def test_a_command_that_still_runs_is_waited_for() -> None:
    running = "Chunk ID: 1\nWall time: 30.0 seconds\nProcess running with session ID 4711\nOutput:\n"
    first, again = ToolOutput("exec_command", running), ToolOutput("write_stdin", running)
    assert step(first) == step(first, again) == Wait(4711)
    ended = ToolOutput("write_stdin", found(done=["Replaced."], refused=[], patch=None).text)
    last = step(first, again, ended)
    assert isinstance(last, Say)
    assert last.text.startswith("Replaced.")


def test_odd_outputs_end_in_a_message() -> None:
    for text in (
        "",
        "sh: python3: not found",
        "PRACTICE-RESULT {",
        "PRACTICE-RESULT []",
        "PRACTICE-RESULT " + "[" * 99999,
    ):
        last = step(ToolOutput("exec_command", text))
        assert isinstance(last, Say)
        assert "Something went wrong" in last.text
    assert isinstance(step(found(done=7, refused={"a": 1}, patch=[1])), Say)
    assert isinstance(step(ToolOutput("other", "x")), Say)


def test_without_tools_or_words_it_says_so() -> None:
    assert isinstance(step(tools=frozenset()), Say)
    assert step(message="Help!") == Say(ABILITIES)
    assert step(message="") == Say(ABILITIES)


def ask(*items: dict[str, Any]) -> Conversation:
    return read_conversation(read_request(json.dumps({"input": items}).encode()))


def user(*texts: str) -> dict[str, Any]:
    return {"role": "user", "content": [{"type": "input_text", "text": text} for text in texts]}


def test_only_the_last_request_and_what_followed_counts() -> None:
    call = {"type": "function_call", "call_id": "c1", "name": "exec_command", "arguments": "{}"}
    output = {"type": "function_call_output", "call_id": "c1", "output": "old"}
    newer = output | {"output": [{"type": "input_text", "text": "new"}]}
    machine, image = user("<environment_context>\n<cwd>/ws</cwd>"), '<image name="x">'
    conversation = ask(machine, user("first"), call, output, user(image, "</image>", "second"), call, newer)
    assert conversation == Conversation("second", frozenset(), (ToolOutput("exec_command", "new"),))
