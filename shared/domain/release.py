"""Which release of PageWright a process runs, noted when it starts: `current` may be switched under it."""

import sys
from importlib.metadata import version
from pathlib import Path


def _running_release() -> str:
    """The name of the release's folder (`/opt/pagewright/releases/NAME/venv`), elsewhere the package's version."""
    folder = Path(sys.prefix).resolve().parent
    return folder.name if folder.parent.name == "releases" else version("pagewright")


RELEASE = _running_release()
