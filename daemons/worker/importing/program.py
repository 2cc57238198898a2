"""Unpacks the archive `upload` into the folder `site/`; runs inside the sandbox.

It writes one line to stdout: the report, or the problem of the archive.
"""

import json
import sys
from pathlib import Path

from daemons.worker.importing.imported_site import read_site
from shared.domain.errors import PageWrightError


def main() -> None:
    """Wait for the workspace, then unpack the archive."""
    sys.stdin.read()
    request = json.loads(Path("request.json").read_bytes())
    try:
        imported = read_site(Path("upload").read_bytes(), request["name"], request["root"])
    except PageWrightError as error:
        print(json.dumps({"problem": error.problem()}))  # noqa: T201
        return
    Path("upload").unlink()
    for path, data in imported.tree.items():
        target = Path("site") / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    print(json.dumps({"report": imported.report.model_dump(mode="json")}))  # noqa: T201


if __name__ == "__main__":
    main()
