"""What a machine needs: found, or missing with what to do."""

import socket
from pathlib import Path

import pytest

from cli.doctor import findings
from cli.local.folder import locked, open_run_folder
from shared.domain.errors import Conflict, NotFound, Unavailable


@pytest.fixture(autouse=True)
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A local run that is not there yet."""
    monkeypatch.setenv("PAGEWRIGHT_RUN_DIRECTORY", str(tmp_path / "run"))
    return tmp_path / "run"


def test_a_checkout_is_looked_at_as_the_home_of_a_local_run() -> None:
    names = ["system", "Python", "Redis", "nginx", "Chromium", "sandbox", "disk", "Codex", "ports", "local system"]
    assert list(findings()) == names
    assert findings()["local system"]() == "not running"
    assert findings()["Redis"]().startswith("Redis server v=")
    assert findings()["nginx"]().startswith("nginx version:")
    assert findings()["disk"]().partition(" MB free at ")[0].isdecimal()


def test_a_program_that_is_missing_or_does_not_run_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chromium = tmp_path / "chromium"
    monkeypatch.setenv("PAGEWRIGHT_WORKER_CHROMIUM", str(chromium))
    with pytest.raises(NotFound, match="is missing"):
        findings()["Chromium"]()
    for script in ("exit 1", "true"):
        chromium.write_text(f"#!/bin/sh\n{script}\n")
        chromium.chmod(0o755)
        with pytest.raises(Unavailable, match="does not run") as error:
            findings()["Chromium"]()
        assert "chromium-headless-shell" in error.value.hint
    chromium.write_text("#!/bin/sh\necho Chromium 1 >&2; echo more >&2\n")
    assert findings()["Chromium"]() == "Chromium 1"


def test_a_port_may_be_taken_by_others_and_by_the_system_itself(monkeypatch: pytest.MonkeyPatch, run: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setenv("PAGEWRIGHT_UI_PORT", str(other.getsockname()[1]))
        with pytest.raises(Conflict, match="can't be used"):
            findings()["ports"]()
        with locked(open_run_folder(run)):
            assert findings()["ports"]() == "in use by the system that runs from this folder"
            assert "model API" in findings()


def test_a_system_that_runs_and_does_not_answer_is_told(run: Path) -> None:
    folder = open_run_folder(run)
    folder.environment_file.write_text("export PAGEWRIGHT_URL=http://127.0.0.1:1\n")
    with locked(folder), pytest.raises(Unavailable, match="can't be reached"):
        findings()["local system"]()
