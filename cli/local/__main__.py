"""The commands behind `make run` and `make demo`."""

import argparse
import sys
from contextlib import suppress

from cli.local.demo import demo
from cli.local.folder import open_run_folder
from cli.local.programs import Ports
from cli.local.run import run
from cli.local.stop_signals import stop_at_signals
from shared.domain.errors import PageWrightError


def main() -> int:
    """Exit status 0 after a clean stop, 1 with the reason on stderr."""
    parser = argparse.ArgumentParser(prog="python -m cli.local", description=__doc__)
    parser.add_argument("command", choices=["run", "demo"])
    command = {"run": run, "demo": demo}[parser.parse_args().command]
    stop_at_signals()
    try:
        command(open_run_folder(), Ports.chosen())
    except KeyboardInterrupt:
        with suppress(OSError):
            print("\nPageWright has stopped.", flush=True)
        return 0 if command is run else 1
    except PageWrightError as error:
        print(f"PageWright: {error.detail}\n{error.hint}".rstrip(), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
