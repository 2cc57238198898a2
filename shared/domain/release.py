"""The release that this process runs, read at its start because `current` may be switched later."""

import sys
from importlib.metadata import version
from pathlib import Path


def _running_release() -> str:
    """The name of the release's folder (`/opt/pagewright/releases/NAME/venv`), elsewhere the package's version."""
    folder = Path(sys.prefix).resolve().parent
    return folder.name if folder.parent.name == "releases" else version("pagewright")


RELEASE = _running_release()
