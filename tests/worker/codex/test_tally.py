"""What the real Codex does with calls that it can't use, and how they are counted: it prints no event for most."""

import json
from pathlib import Path

import pytest

from daemons.worker.codex.events import Transcript
from daemons.worker.codex.tally import CommandTally
from daemons.worker.sandbox.streams import ERROR_BYTES
from shared.domain.manifest import CheckStatus
from tests.support.codex_run import run_codex
from tests.support.sandbox_run import run_in_sandbox
from tests.support.scripted_endpoint import (
    Answer,
    ScriptedEndpoint,
    custom_call,
    items,
    message,
    shell,
    tool_call,
)

_PATCH = "*** Begin Patch\n*** Update File: index.html\n@@\n-<h1>{}</h1>\n+<h1>New</h1>\n*** End Patch"
_FITS, _DOES_NOT_FIT = _PATCH.format("Old"), _PATCH.format("Other")
_QUESTION = {"id": "a", "header": "h", "question": "q?", "options": [{"label": "a", "description": "b"}]}


def _broken_json() -> Answer:
    return items(
        {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "exec_command", "arguments": '{"cmd": "l'}
    )


CALLS: dict[str, tuple[Answer, CommandTally]] = {
    "a patch": (custom_call("apply_patch", _FITS), CommandTally(1, 0)),
    "a command": (shell("ls"), CommandTally(1, 0)),
    "a command that fails": (shell("false"), CommandTally(1, 1)),
    "a look at what is not there": (shell("cat nothing.html"), CommandTally(1, 1, looks_failed=1)),
    "a patch as a function": (tool_call("apply_patch", {"input": _FITS}), CommandTally(1, 1)),
    "a name with a prefix": (tool_call("functions.exec_command", {"cmd": "ls"}), CommandTally(1, 1)),
    "broken JSON": (_broken_json(), CommandTally(1, 1)),
    "a forbidden command": (shell("rm -f index.html"), CommandTally(1, 1)),
    "a patch that does not fit": (custom_call("apply_patch", _DOES_NOT_FIT), CommandTally(1, 1)),
    "the same in a command": (shell(f"apply_patch <<'EOF'\n{_DOES_NOT_FIT}\nEOF"), CommandTally(1, 1)),
    "a patch of what can't be written": (
        custom_call("apply_patch", "*** Begin Patch\n*** Add File: /proc/x\n+hi\n*** End Patch"),
        CommandTally(1, 1),
    ),
    "an unknown tool": (tool_call("str_replace", {"path": "index.html"}), CommandTally(1, 1)),
    "a question": (tool_call("request_user_input", {"questions": [_QUESTION]}), CommandTally()),
    "no call at all": (message("Hello."), CommandTally()),
}


@pytest.mark.parametrize("name", CALLS)
def test_every_call_is_counted_once(name: str, scripted_endpoint: ScriptedEndpoint, tmp_path: Path) -> None:
    answer, expected = CALLS[name]
    (tmp_path / "index.html").write_text("<h1>Old</h1>\n")
    scripted_endpoint.script(answer, message("Done, I changed the headline."))
    run = run_codex(tmp_path, "Change the headline.", scripted_endpoint.base_url)
    transcript = Transcript()
    for event in run.events:
        transcript.read(json.dumps(event).encode())
    for line in run.stderr.splitlines():
        transcript.read_error(line)
    assert (run.code, transcript.completed) == (0, True), "Codex calls all of these a good end"
    assert transcript.tally == expected


@pytest.mark.usefixtures("sandbox")
def test_refusals_are_counted_however_many_there_are() -> None:
    """They are counted as they come: only the end of a long stderr is kept."""
    entry = "2026-11-29T17:17:58.5Z ERROR codex_core::tools::router: error=unknown tool "
    transcript = Transcript()
    code = f"import sys; sys.stderr.write(({entry!r} + 'x' * 100_000 + chr(10)) * 200 + {entry!r})"
    run = run_in_sandbox(code, on_error=transcript.read_error)
    assert len(run.ended.error_output) == ERROR_BYTES
    assert transcript.tally == CommandTally(201, 201)


def test_words_of_a_tally() -> None:
    assert (CommandTally().fact, CommandTally(3, 2).fact) == ("", "2 of 3 commands failed.")
    [check] = CommandTally(1, 1).checks
    assert (check.name, check.status, check.findings) == ("agent", CheckStatus.WARNING, ("1 of 1 command failed.",))
    assert CommandTally(2, 0).checks == ()
    tallies = CommandTally(), CommandTally(2, 1), CommandTally(2, 2), CommandTally(2, 2, looks_failed=1)
    assert [tally.nothing_worked for tally in tallies] == [False, False, True, False]
