"""Runs inside the sandbox: takes the archive `upload` apart into the folder `site/`.

A refusal is one line on stdout: the problem as JSON.
"""

import json
import sys
from pathlib import Path

from shared.errors import PageWrightError
from shared.upload import read_upload


def main() -> None:
    """Wait for the workspace, then read and write."""
    sys.stdin.read()
    try:
        tree = read_upload(Path("upload").read_bytes(), Path("name.txt").read_text())
    except PageWrightError as error:
        print(json.dumps(error.problem()))  # noqa: T201
        return
    for path, data in tree.items():
        target = Path("site") / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


if __name__ == "__main__":
    main()
