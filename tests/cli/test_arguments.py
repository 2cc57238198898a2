"""The command line explains itself."""

from argparse import Action, ArgumentParser, _SubParsersAction
from collections.abc import Iterator

import pytest

from daemons.cli.arguments import parser
from daemons.cli.doctor import findings
from shared.errors import NotFound


def commands(top: ArgumentParser) -> Iterator[ArgumentParser]:
    """The parser and those of all its commands."""
    yield top
    for action in top._actions:
        if isinstance(action, _SubParsersAction):
            for command in action.choices.values():
                yield from commands(command)


def test_every_argument_of_every_command_has_a_meaning() -> None:
    silent: list[tuple[str, Action]] = [
        (command.prog, action)
        for command in commands(parser())
        for action in command._actions
        if not action.help and not isinstance(action, _SubParsersAction)
    ]
    assert silent == []


def test_help_tells_how_to_reach_the_api() -> None:
    text = parser().format_help()
    assert "PAGEWRIGHT_TOKEN" in text
    assert "~/.config/pagewright/config.json" in text


def test_doctor_looks_for_the_chromium_that_the_workers_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEWRIGHT_WORKER_CHROMIUM", "/usr/nowhere/chromium")
    with pytest.raises(NotFound, match="/usr/nowhere/chromium is missing"):
        findings()["Chromium"]()
