"""`pagewright`: exit status 0 if it worked, 1 with a sentence and a hint if not, 2 for a wrong command line.

`pagewright edit` has 3 for a job that changed nothing. The answer is on stdout, what failed on stderr; with `--json`
each of them is one JSON document.
"""

import sys
from argparse import Namespace
from collections.abc import Sequence

from pydantic import ValidationError

from cli.arguments import parser
from cli.failures import CommandError, WrongCommandLine, tell_failure, wants_json
from cli.session import Session
from shared.domain.errors import PageWrightError


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one command line."""
    try:
        arguments = parser().parse_args(argv)
    except WrongCommandLine as error:
        tell_failure(error, None, as_json=wants_json(sys.argv if argv is None else argv))
        return 2
    try:
        return _carry_out(arguments)
    except PageWrightError as error:
        tell_failure(error, arguments.command, as_json=arguments.as_json)
        return 2 if isinstance(error, WrongCommandLine) else 1


def _carry_out(arguments: Namespace) -> int:
    """The exit status of a command that ended; whatever else went wrong becomes an error that can be told."""
    try:
        return int(arguments.run(Session(as_json=arguments.as_json), arguments) or 0)
    except ValidationError:
        raise CommandError("Wrong settings", "PAGEWRIGHT_URL or PAGEWRIGHT_TOKEN can't be read.") from None
    except OSError as error:
        raise CommandError("File error", f"{error.filename or 'A file'}: {error.strerror}.") from None
    except KeyboardInterrupt:
        raise CommandError("Interrupted", "Interrupted.") from None


if __name__ == "__main__":
    sys.exit(main())
