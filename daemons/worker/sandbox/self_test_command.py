"""Tries the sandbox: `python -m daemons.worker.sandbox.self_test_command SETTING PROGRAM…`.

SETTING is that of a worker: `bubblewrap`, or the socket of systemd's jail. Says nothing if the program works in it;
else exits 1 with what is wrong, and what to do on the next line.
"""

import sys

from daemons.worker.sandbox import choose_backend, run_self_test
from shared.domain.errors import PageWrightError


def main() -> None:
    """Run the program once."""
    setting, *program = sys.argv[1:]
    try:
        run_self_test(choose_backend(setting), tuple(program))
    except PageWrightError as error:
        sys.exit(f"{error.detail}\n{error.hint}")


if __name__ == "__main__":
    main()
