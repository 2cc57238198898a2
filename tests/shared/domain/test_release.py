"""Which release a process runs: that of its folder on a server, elsewhere the package's version."""

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from shared.domain.release import RELEASE
from tests.support.daemon_process import ROOT


def test_elsewhere_it_is_the_packages_version() -> None:
    assert version("pagewright") == RELEASE


def test_on_a_server_it_is_the_folders_name_whatever_current_leads_to(tmp_path: Path) -> None:
    """`current` is switched while an older release still runs."""
    environment = tmp_path / "releases/2026-11-23/venv"
    environment.mkdir(parents=True)
    (tmp_path / "current").symlink_to("releases/2026-11-23")
    prefix = os.fspath(tmp_path / "current/venv")
    told = f"import sys; sys.prefix = {prefix!r}; from shared.domain.release import RELEASE; print(RELEASE)"
    command = [sys.executable, "-c", told]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "2026-11-23\n"
