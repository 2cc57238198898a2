"""What operators do on the machine itself: a look that fails is told and stops no other."""

import json
from pathlib import Path

import pytest

from cli.__main__ import main
from cli.commands.machine import looked_at
from shared.domain.errors import Unavailable


@pytest.fixture(autouse=True)
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A local run that is not there yet."""
    monkeypatch.setenv("PAGEWRIGHT_RUN_DIRECTORY", str(tmp_path / "run"))
    return tmp_path / "run"


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Why a command failed."""
    assert main([*words, "--json"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    return str(json.loads(told.err)["detail"])


def test_a_look_tells_what_it_found_or_what_is_wrong() -> None:
    def broken() -> str:
        raise Unavailable("It is away.", "Start it.")

    def unexpected() -> str:
        raise UnicodeError("no text\nat all")

    assert looked_at("a", lambda: "here") == {"name": "a", "ok": True, "detail": "here", "hint": ""}
    assert looked_at("a", broken) == {"name": "a", "ok": False, "detail": "It is away.", "hint": "Start it."}
    told = looked_at("a", unexpected)
    assert (told["ok"], told["detail"]) == (False, "It could not be looked at: UnicodeError: no text at all")


def test_what_is_to_be_proven_comes_with_its_keys(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert refused(capsys, "verify", str(tmp_path)) == "verify needs the workers' public keys, too."


def test_a_machine_without_sites_confirms_nothing(capsys: pytest.CaptureFixture[str], run: Path) -> None:
    assert refused(capsys, "confirm-storage") == f"This machine is no web host: it has no {run}/sites."


def test_where_nothing_ran_there_is_nothing_to_back_up_or_restore(
    capsys: pytest.CaptureFixture[str], run: Path, tmp_path: Path
) -> None:
    assert refused(capsys, "backup", str(tmp_path / "backups")) == f"There is nothing to back up in {run}."
    assert "has no backup of a whole system" in refused(capsys, "restore", str(tmp_path / "backups"))
    assert not (tmp_path / "backups").exists()
