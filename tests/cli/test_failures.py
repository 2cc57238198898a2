"""A command that fails tells programs so in one document, whichever command it is."""

import json
from argparse import ArgumentParser
from itertools import chain
from pathlib import Path

import pytest

from cli.__main__ import main
from cli.arguments import parser
from cli.failures import CommandError, tell_failure
from shared.domain.errors import InvalidInput
from tests.cli.test_arguments import commands

# It looks at this machine, and may well find nothing to tell: test_commands.py makes it fail.
_OTHERS = ("pagewright doctor",)
_COMMANDS = [command for command in commands(parser()) if command.get_default("run") and command.prog not in _OTHERS]


# These need one of several options.
_ONE_OF = {"pagewright site set": ("--title", "nothing")}


def _words(command: ArgumentParser) -> list[str]:
    """The command with something for each argument that it needs."""
    needed = [action for action in command._actions if action.required and action.nargs != "*"]
    words = [[*action.option_strings[:1], "1" if action.type else "nothing"] for action in needed]
    return [*command.prog.split()[1:], *chain.from_iterable(words), *_ONE_OF.get(command.prog, ()), "--json"]


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No API, no local run, no server."""
    monkeypatch.setenv("PAGEWRIGHT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("PAGEWRIGHT_RUN_DIRECTORY", str(tmp_path / "run"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize("command", _COMMANDS, ids=lambda command: command.prog)
def test_every_command_fails_in_one_document(command: ArgumentParser, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(_words(command)) == 1
    told = capsys.readouterr()
    problem = json.loads(told.err)
    assert told.out == ""
    assert problem["type"] == "about:blank"
    assert problem["title"]
    assert problem["detail"]
    assert "hint" in problem


@pytest.mark.parametrize("words", [["--json"], ["site", "--json"], ["diff", "demo", "one", "2", "--json"]])
def test_a_wrong_command_line_does_too(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    problem = json.loads(capsys.readouterr().err)
    assert problem["title"] == "Wrong command line"
    assert "--help" in problem["hint"]


def test_a_problem_keeps_what_the_api_said(capsys: pytest.CaptureFixture[str]) -> None:
    tell_failure(InvalidInput("Which one?", "Say it.", ("a", "b")), None, as_json=True)
    assert json.loads(capsys.readouterr().err) == {
        "type": "about:blank",
        "title": "Unprocessable Content",
        "status": 422,
        "detail": "Which one?",
        "hint": "Say it.",
        "choices": ["a", "b"],
    } | {"title": InvalidInput.status.phrase}
    tell_failure(CommandError("Job failed", "No.", choices=[], job="1"), None, as_json=True)
    assert json.loads(capsys.readouterr().err) == {
        "type": "about:blank", "title": "Job failed", "detail": "No.", "hint": "", "job": "1",
    }  # fmt: skip


def test_people_read_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    tell_failure(InvalidInput("Which\x1b one?", "Say it."), None, as_json=False)
    assert capsys.readouterr().err == "pagewright: Which� one?\nSay it.\n"
