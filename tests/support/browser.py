"""The system's headless Chromium, driven by pytest-playwright's fixtures `browser`, `context` and `page`."""

import os
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path("/usr/bin/chromium-headless-shell")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Chromium refuses its own sandbox to root."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": CHROMIUM, "args": arguments}
