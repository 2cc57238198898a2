"""Exports: what was saved is what was sent, whole or not at all."""

import json
from pathlib import Path

import pytest

from tests.cli.commands.conftest import ScriptedApi, site, version


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_what_was_saved_is_what_was_signed_or_nothing(api: ScriptedApi, tmp_path: Path) -> None:
    signed = version() | {"artifact": {"sha256": "1" * 64}}
    api.answer({"GET /sites/bakery": site(), "GET /sites/bakery/versions/2": signed})
    api.answer({"GET /sites/bakery/versions/2/artifact": b"other bytes"})
    status, _, error = api.run("export", "bakery", "--json")
    assert (status, json.loads(error)["detail"]) == (1, "What arrived is not what was sent.")
    assert list(tmp_path.iterdir()) == []


def test_a_site_without_a_version_has_nothing_to_save(api: ScriptedApi) -> None:
    api.answer({"GET /sites/bakery": site() | {"latest": None}})
    assert "bakery has no version yet." in api.run("export", "bakery")[2]


def test_a_version_is_saved_as_a_zip(api: ScriptedApi, tmp_path: Path) -> None:
    api.answer({"GET /sites/bakery": site(), "GET /sites/bakery/export": b"PK bread"})
    assert api.run("export", "bakery", "--zip")[1] == "Version 2 of bakery is in bakery-v2.zip.\n"
    assert api.asked[-1][0] == "GET /sites/bakery/export?version=2"
    assert (tmp_path / "bakery-v2.zip").read_bytes() == b"PK bread"


def test_all_versions_are_saved_and_where_it_is_told_what_is_missing(api: ScriptedApi) -> None:
    api.answer({"GET /sites/bakery/export": b"PK all"})
    assert api.run("export", "bakery", "--history", "--output", "all.zip")[1].splitlines() == [
        "The versions of bakery are in all.zip.",
        "Should one of them be unreadable, MISSING.txt in it names it.",
    ]
    assert api.asked[-1][0] == "GET /sites/bakery/export?history=true"
    assert "Leave out N." in api.run("export", "bakery", "3", "--history")[2]
    assert api.run("export", "bakery", "--history", "--zip")[0] == 2
