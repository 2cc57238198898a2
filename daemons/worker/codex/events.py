"""Turns Codex's JSON events into steps that a person can read, and into the result of the edit.

The lines come out of the sandbox, so they are hostile input: the reader ignores what it does not understand, cuts every
text and removes its control characters.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from daemons.worker.codex.refusals import refusal, unfit_file
from daemons.worker.codex.tally import CommandTally

_STEP_LENGTH = 160
_MOST_NAMES = 5  # of files in a step
_ANSWER_LENGTH = 8_000
_SHELL = re.compile(r"^\S*sh -l?c ")
_SITE_FILE = re.compile(r"(?:/ws/)?[\w./-]+\.(?:html?|css|js|svg|png|jpe?g|webp|txt|xml|json)\b")
_LOOKING = frozenset("cat find grep head ls rg sed tail tree wc".split())
# Exit code 1 of these commands is an answer: nothing found, or a difference.
_ASKING = frozenset("[ cmp diff egrep fgrep grep rg test".split())
_WRITING = re.compile(r"sed (?:-\S+ )*-\w*i|>(?! ?/dev/null)|-delete|-exec")
_SEPARATOR = re.compile(r"&&|\|\||[|;\n]")
_JUDGED = 2_000  # characters; a longer command does more than look


@dataclass
class Transcript:
    """What is known of the edit so far; `completed` says whether Codex reported that its turn succeeded."""

    answer: str = ""
    completed: bool = False
    error: str = ""
    tally: CommandTally = field(default_factory=CommandTally)
    _unfit: set[str] = field(default_factory=set)

    def read(self, line: bytes) -> str | None:
        """Take one line of stdout; return a step for the person if the line is one."""
        event = _decode(line)
        kind = event.get("type")
        if kind == "turn.completed":
            self.completed = True
        elif kind in ("turn.failed", "error"):
            error = event.get("error")
            self.error = _clean(str(error.get("message") if isinstance(error, dict) else event.get("message")), 500)
        elif kind in ("item.started", "item.completed"):
            item = event.get("item")
            return self._read_item(str(kind), item) if isinstance(item, dict) else None
        return None

    def _read_item(self, kind: str, item: dict[str, object]) -> str | None:
        match item.get("type"), kind:
            case "agent_message", "item.completed":
                self.answer = _clean(str(item.get("text", "")), _ANSWER_LENGTH, keep_lines=True)
                return None
            case "command_execution", "item.started":
                return _command(str(item.get("command", "")))
            case "command_execution", "item.completed":
                return self._end_command(item)
            case "file_change", "item.completed":
                worked = item.get("status") == "completed"
                self.tally = self.tally.count(worked=worked)
                return _file_change(item.get("changes"), "Changed" if worked else "Could not change")
        return None

    def _end_command(self, item: dict[str, object]) -> str | None:
        command = str(item.get("command", ""))
        worked = item.get("status") == "completed" or _is_answer(command, item.get("exit_code"))
        self.tally = self.tally.count(worked=worked, look=_is_look(_body(command)))
        return None if worked else _clean("A command failed" + _places(_body(command)), _STEP_LENGTH)

    def read_error(self, line: bytes) -> str | None:
        """Take one line of stderr; return a step for the person, once for each file."""
        refused = refusal(line)
        if refused is None:
            return None
        self.tally = self.tally.count(worked=False)
        name = unfit_file(refused)
        if not name or name in self._unfit:
            return None
        self._unfit.add(name)
        return _clean(f"Could not change {name}", _STEP_LENGTH)


def _decode(line: bytes) -> dict[str, object]:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}


def _command(command: str) -> str:
    """What a command does, for a person who knows no commands, with the files that it names."""
    body = _body(command)
    return _clean(("Reading the site" if _is_look(body) else "Working on the site") + _places(body), _STEP_LENGTH)


def _is_look(body: str) -> bool:
    return len(body) <= _JUDGED and body.partition(" ")[0] in _LOOKING and not _WRITING.search(body)


def _body(command: str) -> str:
    """The command without the shell that runs it."""
    return _SHELL.sub("", command, count=1).strip("'\" \n")


def _places(body: str) -> str:
    """The files that a short command names; a long one is a program, which also names files that the site lacks."""
    names = dict.fromkeys(_relative(name) for name in _SITE_FILE.findall(body)) if len(body) < _STEP_LENGTH else {}
    return f": {', '.join(names)}" if 0 < len(names) <= _MOST_NAMES else ""


def _is_answer(command: str, exit_code: object) -> bool:
    """Whether exit code 1 only means "no", as that of a search without a hit."""
    last = _SEPARATOR.split(_body(command))[-1].split() if exit_code == 1 else []
    return bool(last) and last[0] in _ASKING


def _file_change(changes: object, what: str) -> str | None:
    if not isinstance(changes, list):
        return None
    names = sorted({_relative(str(change.get("path", ""))) for change in changes if isinstance(change, dict)} - {""})
    more = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
    return _clean(f"{what} {', '.join(names[:_MOST_NAMES])}", _STEP_LENGTH) + more if names else None


def _relative(path: str) -> str:
    return path.removeprefix("/ws/")


def _clean(text: str, length: int, *, keep_lines: bool = False) -> str:
    """The text without control characters, at most `length` characters, lines joined unless they are kept."""
    if not keep_lines:
        text = " ".join(text.split())
    kept = "".join(_printable(text[: length + 1]))
    return kept if len(kept) <= length else kept[: length - 1] + "…"


def _printable(text: str) -> Iterable[str]:
    return (character for character in text if character.isprintable() or character == "\n")
