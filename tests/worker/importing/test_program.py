"""The program that unpacks an archive in the sandbox: files and a report, or the archive's problem, on one line."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from daemons.worker.importing.program import main


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, upload: bytes, root: str | None = None) -> None:
    """Run it in this folder as its workspace."""
    (folder / "upload").write_bytes(upload)
    (folder / "request.json").write_text(json.dumps({"name": "site.zip", "root": root}))
    monkeypatch.chdir(folder)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    main()


def archive(*names: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name in names:
            file.writestr(name, "<!doctype html><title>Hello</title>")
    return data.getvalue()


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    (line,) = capsys.readouterr().out.splitlines()
    said: dict[str, Any] = json.loads(line)
    return said


def test_the_site_is_unpacked_and_the_archive_gone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, tmp_path, archive("index.html", "a/b/c.html"))
    assert set(told(capsys)) == {"report"}
    assert sorted(path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*.html")) == [
        "a/b/c.html",
        "index.html",
    ]
    assert not (tmp_path / "upload").exists()


@pytest.mark.parametrize(
    ("upload", "choices"), [(b"no archive", []), (archive("de/index.html", "en/index.html"), ["de", "en", "."])]
)
def test_a_problem_is_told_and_nothing_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    upload: bytes,
    choices: list[str],
) -> None:
    run(monkeypatch, tmp_path, upload)
    problem = told(capsys)["problem"]
    assert problem["status"] == 422
    assert problem["detail"]
    assert problem.get("choices", []) == choices
    assert not (tmp_path / "site").exists()


def test_the_folder_that_was_chosen_is_the_site(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, tmp_path, archive("de/index.html", "en/index.html"), root="en")
    assert "report" in told(capsys)
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["index.html"]
