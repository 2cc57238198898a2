"""What every command gets: the API that was named first, and how an answer is written."""

import json
from pathlib import Path

import pytest

from cli.session import Session
from shared.domain.errors import InvalidInput


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No configuration, and no local run."""
    for name in ("PAGEWRIGHT_URL", "PAGEWRIGHT_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PAGEWRIGHT_RUN_DIRECTORY", str(tmp_path / "run"))
    (tmp_path / ".config/pagewright").mkdir(parents=True)
    return tmp_path


def configure(home: Path, text: str) -> None:
    (home / ".config/pagewright/config.json").write_text(text)


def run_locally(home: Path) -> None:
    (home / "run").mkdir(mode=0o700)
    (home / "run/env").write_text("export PAGEWRIGHT_URL=http://local:8000\nexport PAGEWRIGHT_TOKEN=local\n")


def found() -> tuple[str, str | None]:
    """URL and token of the API that a command would ask."""
    api = Session(as_json=False).api
    return api.url, api.headers.get("Authorization", "").removeprefix("Bearer ") or None


def test_without_any_configuration_it_is_where_a_local_run_would_be() -> None:
    assert found() == ("http://localhost:8000", None)


def test_the_environment_counts_before_the_file_and_that_before_the_local_run(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_locally(home)
    assert found() == ("http://local:8000", "local")
    configure(home, '{"url": "http://kept/", "token": "kept"}')
    assert found() == ("http://kept", "kept")
    monkeypatch.setenv("PAGEWRIGHT_URL", "http://named")
    monkeypatch.setenv("PAGEWRIGHT_TOKEN", "named")
    assert found() == ("http://named", "named")


def test_the_local_runs_token_goes_nowhere_else(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_locally(home)
    monkeypatch.setenv("PAGEWRIGHT_URL", "http://elsewhere")
    assert found() == ("http://elsewhere", None)
    monkeypatch.setenv("PAGEWRIGHT_URL", "http://local:8000/")
    assert found() == ("http://local:8000", "local")


@pytest.mark.parametrize("text", ["{", "[]", '"text"', "\xff"])
def test_a_configuration_that_is_none_is_told(home: Path, text: str) -> None:
    configure(home, text)
    with pytest.raises(InvalidInput, match=r"config\.json"):
        found()


def test_a_program_reads_one_document_and_a_person_lines(capsys: pytest.CaptureFixture[str]) -> None:
    for as_json in (True, False):
        session = Session(as_json=as_json)
        session.progress("soon")
        session.answer({"title": "Bäckerei"}, "one\x1b[2J", "two")
    document, _, lines = capsys.readouterr().out.partition("}\n")
    assert json.loads(document + "}") == {"title": "Bäckerei"}
    assert lines == "soon\none�[2J\ntwo\n"


def test_a_list_that_was_cut_says_how_to_see_more(capsys: pytest.CaptureFixture[str]) -> None:
    session = Session(as_json=False)
    for most in (2, 3):
        session.answer_list([{"n": 1}, {"n": 2}], lambda item: f"item {item['n']}", none="none", most=most)
    session.answer_list([], lambda _: "", none="There is none.", most=2)
    assert capsys.readouterr().out.splitlines() == [
        "item 1",
        "item 2",
        "These are the first 2; --limit N lists more.",
        "item 1",
        "item 2",
        "There is none.",
    ]
