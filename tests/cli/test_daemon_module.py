"""Modules of the daemons as processes: each is a program, and gets nothing of our environment."""

from pathlib import Path

import pytest

from cli.daemon_module import DaemonModule, run_module


def test_it_gets_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Not even the setting that it needs, unless that is given."""
    url = f"sqlite:///{tmp_path}/api.sqlite"
    monkeypatch.setenv("PAGEWRIGHT_API_DATABASE_URL", url)
    done = run_module(DaemonModule.DATABASE_DUMP, "dump", tmp_path / "dumps")
    assert done.returncode != 0
    assert "PAGEWRIGHT_API_DATABASE_URL" in done.stderr
    given = run_module(DaemonModule.DATABASE_DUMP, "dump", tmp_path / "dumps", database=url)
    assert "PAGEWRIGHT_API_DATABASE_URL" not in given.stderr


def test_what_it_says_and_how_it_ends_is_told(tmp_path: Path) -> None:
    done = run_module(DaemonModule.VERIFY_STORAGE, "--json", tmp_path / "nothing", tmp_path / "keys")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
