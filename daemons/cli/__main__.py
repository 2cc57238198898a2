"""`pagewright`: exit status 0 if it worked, 1 with a sentence and a hint if not, 2 for a wrong command line.

`pagewright edit` has 3 for a job that changed nothing.
"""

import sys
from collections.abc import Sequence

from pydantic import ValidationError

from daemons.cli.arguments import parser
from daemons.cli.session import Session, fail
from shared.errors import PageWrightError


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one command line."""
    arguments = parser().parse_args(argv)
    try:
        return int(arguments.run(Session(as_json=arguments.as_json), arguments) or 0)
    except PageWrightError as error:
        fail(error.detail, error.hint)
    except ValidationError:
        fail("PAGEWRIGHT_URL or PAGEWRIGHT_TOKEN can't be read.")
    except OSError as error:
        fail(f"{error.filename or 'A file'}: {error.strerror}.")
    except KeyboardInterrupt:
        fail("Interrupted.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
