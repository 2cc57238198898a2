"""Writes why a command failed to stderr: a sentence and a hint for people, a problem document for programs."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any, NoReturn

from cli.api_words import in_own_words
from cli.terminal_text import printable
from shared.domain.errors import PageWrightError


class CommandError(PageWrightError):
    """A failure on this side of the API, with a title of its own instead of an HTTP status.

    `more` are members of the problem beside those that every problem has.
    """

    def __init__(self, title: str, detail: str, hint: str = "", **more: object) -> None:
        super().__init__(detail, hint)
        self.title = title
        self.more = more

    def problem(self) -> dict[str, Any]:
        """The problem; RFC 9457 lets one without an HTTP answer go without a status."""
        return {
            "type": "about:blank",
            "title": self.title,
            "detail": self.detail,
            "hint": self.hint,
            **{name: value for name, value in self.more.items() if value},
        }


class WrongCommandLine(CommandError):
    """The words are no command; `usage` is how it is spelled."""

    def __init__(self, message: str, usage: str) -> None:
        hint = f"`{usage.removeprefix('usage: ').partition(' [')[0]} --help` tells how it is spelled."
        super().__init__("Wrong command line", f"{message[:1].upper()}{message[1:]}.", hint)
        self.usage = usage


class CommandParser(ArgumentParser):
    """A parser that raises WrongCommandLine instead of exiting, because its caller knows in which form to answer."""

    def error(self, message: str) -> NoReturn:
        raise WrongCommandLine(message, self.format_usage())


def tell_failure(error: PageWrightError, command: ArgumentParser | None, *, as_json: bool) -> None:
    """Tell what went wrong and what to do, in the words of this command line."""
    problem = error.problem()
    if command:
        problem |= {name: in_own_words(problem[name], command) for name in ("detail", "hint")}
    if as_json:
        print(json.dumps(problem, indent=2, ensure_ascii=False), file=sys.stderr)
        return
    if isinstance(error, WrongCommandLine):
        print(error.usage, end="", file=sys.stderr)
    print(printable(f"pagewright: {problem['detail']}"), file=sys.stderr)
    if problem["hint"]:
        print(printable(problem["hint"]), file=sys.stderr)


def wants_json(argv: Sequence[str]) -> bool:
    """Whether a program reads, for a command line that can't be parsed."""
    return "--json" in argv
