"""A command that an operator runs on the machine: one line when it is done, else a sentence and exit status 1."""

import os
import sys
from collections.abc import Callable
from typing import NoReturn

from shared.domain.errors import PageWrightError


def carry_out(work: Callable[[], str]) -> None:
    """Do the work and print its line; files that it writes are private to its user."""
    os.umask(0o077)
    try:
        line = work()
    except PageWrightError as error:
        _fail(f"{error.detail} {error.hint}")
    except OSError as error:
        _fail(f"{error.filename or 'A file'}: {error.strerror}.")
    sys.stdout.write(line + "\n")


def _fail(sentence: str) -> NoReturn:
    sys.stderr.write(sentence.strip() + "\n")
    sys.exit(1)
