"""What the API says reads in the command line's own words: no field that has a flag is left."""

import ast
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from cli.api_words import in_own_words, own_words
from cli.arguments import parser
from daemons.api.json_routes import OPERATIONS
from daemons.api.json_routes.endpoint import checked
from shared.domain.errors import InvalidInput
from tests.cli.test_arguments import commands

_ROOT = Path(__file__).parents[2]
COMMANDS = {command.prog: command for command in commands(parser())}
# Which operation a command asks for, where it hands on what one typed.
ASKS = {
    "pagewright site create": ("POST", "/sites"),
    "pagewright import": ("POST", "/sites"),
    "pagewright site list": ("GET", "/sites"),
    "pagewright site orphans": ("GET", "/orphans"),
    "pagewright site adopt": ("POST", "/orphans/{site}/adopt"),
    "pagewright site set": ("PATCH", "/sites/{site}"),
    "pagewright site address": ("PUT", "/sites/{site}/address"),
    "pagewright edit": ("POST", "/sites/{site}/jobs"),
    "pagewright jobs": ("GET", "/jobs"),
    "pagewright queue edit": ("PATCH", "/jobs/{job}"),
    "pagewright queue cancel": ("POST", "/sites/{site}/queue/cancel"),
    "pagewright versions": ("GET", "/sites/{site}/versions"),
    "pagewright diff": ("GET", "/sites/{site}/versions/{number}/diff"),
    "pagewright promote": ("POST", "/sites/{site}/deployments"),
    "pagewright user add": ("POST", "/users"),
    "pagewright token create": ("POST", "/tokens"),
}
# The client's own affair: nobody types these.
_NOT_TYPED = {"cursor", "before", "scope"}


def _models(command: str) -> Iterator[type[BaseModel]]:
    method, path = ASKS[command]
    operation = next(one for one in OPERATIONS if (one.method, one.path) == (method, path))
    if operation.forms and command == "pagewright import":
        yield from operation.forms.values()
    else:
        yield from filter(None, (operation.body, operation.query))


def _raised_sentences() -> Iterator[str]:
    """Each text in a call that makes an error, wherever the api's answers come from."""
    for folder in ("daemons/api", "daemons/storage", "daemons/worker", "shared"):
        for file in sorted((_ROOT / folder).rglob("*.py")):
            for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id[0].isupper():
                    for node in (*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "hint")):
                        yield "".join(
                            part.value
                            for part in ast.walk(node)
                            if isinstance(part, ast.Constant) and isinstance(part.value, str)
                        )


@pytest.mark.parametrize("command", ASKS)
def test_every_field_that_one_types_has_a_word(command: str) -> None:
    words = own_words(COMMANDS[command])
    for model in _models(command):
        assert set(model.model_fields) - _NOT_TYPED <= words.keys()


def _all_fields() -> set[str]:
    return {field for command in ASKS for model in _models(command) for field in model.model_fields}


def test_every_hint_that_names_a_field_names_the_flag() -> None:
    """Whichever sentence of the API has a field in backticks: some command takes it, and says its own word."""
    naming = {
        (sentence, field)
        for sentence in _raised_sentences()
        for field in re.findall(r"`([a-z_]+)`", sentence)
        if field in _all_fields()
    }
    assert {field for _, field in naming} >= {"root", "accept_failed_checks"}
    for sentence, field in naming:
        fitting = [COMMANDS[one] for one in ASKS if any(field in model.model_fields for model in _models(one))]
        assert fitting
        for command in fitting:
            told = in_own_words(sentence, command)
            assert f"`{field}`" not in told
            assert f"`{own_words(command)[field]}`" in told


def test_no_sentence_names_a_field_without_backticks() -> None:
    """Words with an underscore are no English: they are fields, and would reach people as they are."""
    bare = [
        sentence
        for sentence in _raised_sentences()
        if set(re.findall(r"(?<![`\w])[a-z]+(?:_[a-z]+)+(?![`\w])", sentence)) & _all_fields()
    ]
    assert bare == []


def _told(command: ArgumentParser, model: type[BaseModel], value: object) -> str:
    with pytest.raises(InvalidInput) as refused:
        checked(model, value)
    return in_own_words(f"{refused.value.detail} {refused.value.hint}", command)


def test_a_wrong_value_is_told_of_its_argument() -> None:
    create = COMMANDS["pagewright site create"]
    model = next(_models("pagewright site create"))
    told = _told(create, model, {"name": "demo", "title": "x" * 200, "template": "a"})
    assert told == "The argument --title is too long. `pagewright site create --help` tells what it takes."
    assert "The argument site " in _told(create, model, {"name": "Not A Name", "title": "x", "template": "a"})
    assert "The argument --site " in in_own_words("The field name is missing.", COMMANDS["pagewright import"])


def test_what_a_command_does_not_take_stays_as_it_is() -> None:
    said = "The field colour is not known here; see `something`."
    assert in_own_words(said, COMMANDS["pagewright edit"]) == said
