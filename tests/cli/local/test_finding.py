"""The local run is found without making anything, and only its owner knows its token."""

from pathlib import Path

import pytest

from cli.local.finding import KnownApi, local_api
from cli.session import Session


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of a local run that was never started, and an environment that names no API."""
    for name in ("PAGEWRIGHT_URL", "PAGEWRIGHT_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PAGEWRIGHT_RUN_DIRECTORY", str(tmp_path / "run"))
    return tmp_path / "run"


def start(run: Path) -> None:
    run.mkdir()
    (run / "env").write_text("export PAGEWRIGHT_URL=http://localhost:8123\nexport PAGEWRIGHT_TOKEN='a b'\n")


def test_nothing_is_made_where_nothing_ran(run: Path) -> None:
    assert local_api() == KnownApi()
    assert not run.exists()


def test_it_is_known_by_what_it_wrote(run: Path) -> None:
    start(run)
    assert local_api() == KnownApi("http://localhost:8123", "a b")
    assert target(Session(as_json=False)) == ("http://localhost:8123", "Bearer a b")


@pytest.mark.parametrize(
    ("url", "token", "asked"),
    [
        ("https://app.example.org", None, ("https://app.example.org", None)),
        ("http://localhost:8123/", None, ("http://localhost:8123", "Bearer a b")),
        (None, "mine", ("http://localhost:8123", "Bearer mine")),
    ],
)
def test_its_token_goes_to_its_own_address_alone(
    run: Path, monkeypatch: pytest.MonkeyPatch, url: str | None, token: str | None, asked: tuple[str, str | None]
) -> None:
    start(run)
    for name, value in (("URL", url), ("TOKEN", token)):
        if value:
            monkeypatch.setenv(f"PAGEWRIGHT_{name}", value)
    assert target(Session(as_json=False)) == asked


def target(session: Session) -> tuple[str, str | None]:
    return session.api.url, session.api.headers.get("Authorization")
