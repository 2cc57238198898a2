"""The local system: where it is found, and that one runs at a time from a folder."""

import subprocess
from pathlib import Path

import pytest

from cli.local.folder import locked, open_run_folder
from cli.local.programs import Ports, Program
from cli.local.system import LocalSystem, running_system
from shared.domain.errors import Conflict


def test_everything_has_its_address(tmp_path: Path) -> None:
    supervisor = subprocess.Popen(["/usr/bin/true"])
    supervisor.wait()
    system = LocalSystem(open_run_folder(tmp_path / "run"), Ports(8123, 8456), supervisor, Program("api", ()))
    assert system.url == "http://localhost:8123"
    assert system.site_url("demo") == "http://demo.localhost:8456/"
    assert system.site_url("demo", "preview--") == "http://preview--demo.localhost:8456/"


def test_nothing_is_written_or_started_where_one_runs_already(tmp_path: Path) -> None:
    folder = open_run_folder(tmp_path / "run")
    with locked(folder):
        with pytest.raises(Conflict, match="already running"), running_system(folder, Ports()):
            pytest.fail("a second one was started")
        # Sockets lie elsewhere where this path is too long for their addresses.
        assert {path.name for path in folder.root.iterdir()} - {"sockets"} == {"lock", "logs"}


def test_a_restore_that_was_broken_off_is_finished_first(tmp_path: Path) -> None:
    folder = open_run_folder(tmp_path / "run")
    folder.restoring.mkdir()
    with pytest.raises(Conflict, match="was broken off"), running_system(folder, Ports()):
        pytest.fail("it was started")
    assert not (folder.root / "secrets").exists()
