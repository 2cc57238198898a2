"""What the practice model does next: a pure function of the conversation.

First a command runs the editor, which works the change out. A small change comes back as a patch for apply_patch; the
editor makes a large one itself. Then a message says what was done. On a large site the command takes longer than the
agent waits, so the plan waits for it again.
"""

import json
import re
from dataclasses import dataclass

from daemons.model.practice.conversation import Conversation
from daemons.model.practice.grammar import read_message
from daemons.model.practice.instructions import Understood
from daemons.model.practice.program_text import run_command

_SHELL, _WAIT, _PATCH = "exec_command", "write_stdin", "apply_patch"
_RUNNING = re.compile(r"^Process running with session ID (\d+)$", re.MULTILINE)
_MARK = "PRACTICE-RESULT "
_MOST_ECHOED = 200
_MOST_UNKNOWN = 5

ABILITIES = """I am the practice model. I understand a few set instructions and follow them to the letter:
- Replace "old text" with "new text" (add: on about.html)
- Set the title of about.html to "New title"
- Change the headline of the home page to "New headline"
- Change the background colour to light blue (or: text, accent; a name, #ff8800 or rgb(…))
- Add a page "Opening hours" with the text "Monday to Friday, 9 to 5"
- Remove the page about.html
- Add a section "Team" to about.html with the text "We are three."
- Change the link "Contact" to "https://example.org"
- Put the picture on about.html (after attaching one)
- Replace menu.pdf by the attached file"""

_SIGNATURE = "(I am the practice model: I follow a few set instructions. Write “help” to see them.)"
_HELPLESS = "Something went wrong while I looked at the site, so I changed nothing that I know of."


@dataclass(frozen=True)
class Shell:
    """Run a shell command."""

    command: str


@dataclass(frozen=True)
class Wait:
    """Wait for a command that still runs."""

    session: int


@dataclass(frozen=True)
class Patch:
    """Apply a patch."""

    text: str


@dataclass(frozen=True)
class Say:
    """End with a message."""

    text: str


Step = Shell | Wait | Patch | Say


def next_step(conversation: Conversation) -> Step:
    """The next step towards what the person asked for."""
    understood = read_message(conversation.message)
    if not understood.instructions:
        return Say(_not_understood(understood))
    if not {_SHELL, _PATCH} <= conversation.tools:
        return Say(f"I was given no tools to change a site with.\n\n{_SIGNATURE}")
    if not conversation.outputs:
        return _edit(understood, write=False)
    last = conversation.outputs[-1]
    if last.tool == _PATCH and not _succeeded(last.text):
        return _edit(understood, write=True)
    running = _RUNNING.search(last.text)
    if running and _WAIT in conversation.tools:
        return Wait(int(running[1]))
    results = [_result(output.text) for output in conversation.outputs if output.tool in (_SHELL, _WAIT)]
    if not results or results[-1] is None:
        return Say(f"{_HELPLESS}\n\n{_SIGNATURE}")
    patch = results[-1].get("patch")
    if isinstance(patch, str) and last.tool != _PATCH:
        return Patch(patch)
    return Say(_report(results[-1], understood))


def _edit(understood: Understood, *, write: bool) -> Shell:
    instructions = [instruction.model_dump() for instruction in understood.instructions]
    return Shell(run_command(json.dumps({"instructions": instructions, "write": write})))


def _succeeded(output: str) -> bool:
    """Whether apply_patch says so: a head with the exit code, or just the word."""
    return "Exit code: 0" in output or output.startswith("Success")


def _result(output: str) -> dict[str, object] | None:
    """The editor's result in a command's output, which may be cut or hostile."""
    line = next((line for line in reversed(output.splitlines()) if line.startswith(_MARK)), "")
    try:
        result = json.loads(line.removeprefix(_MARK))
    except (ValueError, RecursionError):
        return None
    return result if isinstance(result, dict) else None


def _report(result: dict[str, object], understood: Understood) -> str:
    lines = [*_sentences(result.get("done")), *_sentences(result.get("refused"))]
    lines += [f"I did not understand: {_echo(text)}" for text in understood.unknown[:_MOST_UNKNOWN]]
    return "\n".join([*lines, "", _SIGNATURE])


def _sentences(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _not_understood(understood: Understood) -> str:
    asked_for_help = not understood.unknown or understood.unknown[0].lower().rstrip("!?. ") in (
        "help",
        "what can you do",
    )
    if asked_for_help:
        return ABILITIES
    return f"I did not understand “{_echo(understood.unknown[0])}”, so I changed nothing.\n\n{ABILITIES}"


def _echo(text: str) -> str:
    return text if len(text) <= _MOST_ECHOED else text[:_MOST_ECHOED] + "…"
