"""The command line explains itself."""

from argparse import Action, ArgumentParser, _SubParsersAction
from collections.abc import Iterator

import pytest

from cli.arguments import parser
from cli.doctor import findings
from cli.failures import WrongCommandLine
from shared.domain.errors import NotFound


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


@pytest.mark.parametrize(
    "line",
    [
        "site list --limit 0",
        "jobs --limit -1",
        "versions demo --limit ²",
        "export demo 0",
        "promote demo 0",
        "promote demo 1 --expected x",
        "edit demo x --base 0",
        "diff demo 1 0",
        "diff demo -1 1",
    ],
)
def test_a_number_that_counts_nothing_is_refused_and_not_taken_for_none(line: str) -> None:
    """A version 0 is not the newest one, and a list of 0 sites does not say that there are none."""
    with pytest.raises(WrongCommandLine, match=r"count from 1|no whole number"):
        parser().parse_args(line.split())


def test_nothing_is_a_side_of_a_comparison_and_what_may_be_live() -> None:
    assert parser().parse_args(["diff", "demo", "0", "1"]).older == 0
    assert parser().parse_args(["promote", "demo", "1", "--expected", "0"]).expected == 0
