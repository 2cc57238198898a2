"""Rewrites the API's sentences, which name fields, in the words of the command line, which has flags; pure."""

import re
from argparse import ArgumentParser

# Arguments whose name differs from the field that they fill.
_CALLED = {"name": "site", "archive": "file", "against": "older", "attachments": "attach", "checks": "check"}
_MARKED = re.compile(r"`([a-z_]+)`")
_FIELD = re.compile(r"\b([Tt])he field ([a-z_]+)\b")
_FIELDS = re.compile(r"The fields are: [a-z_, ]+\.")


def own_words(command: ArgumentParser) -> dict[str, str]:
    """Field → what one types for it in this command: `--title`, or the name of an argument without a flag."""
    arguments = {
        action.dest: action.option_strings[0] if action.option_strings else str(action.metavar or action.dest)
        for action in command._actions  # argparse tells its arguments in no other way
    }
    renamed = {field: arguments[name] for field, name in _CALLED.items() if name in arguments}
    return renamed | arguments


def in_own_words(text: str, command: ArgumentParser) -> str:
    """A sentence of the API with the command's arguments where it names fields; other fields stay."""
    words = own_words(command)

    def marked(found: re.Match[str]) -> str:
        return f"`{words.get(found[1], found[1])}`"

    def field(found: re.Match[str]) -> str:
        word = words.get(found[2])
        return f"{found[1]}he argument {word}" if word else found[0]

    text = _FIELDS.sub(f"`{command.prog} --help` tells what it takes.", text)
    return _FIELD.sub(field, _MARKED.sub(marked, text))
