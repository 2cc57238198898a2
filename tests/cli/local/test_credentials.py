"""Each daemon gets its own secrets and no other; they stay the same, and old keys stay trusted."""

from pathlib import Path

import pytest

from cli.local.credentials import MODEL_KEY, SIGNING_KEY, hand_out, make_secrets, trust
from cli.local.folder import RunFolder, open_run_folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    for name in ("PAGEWRIGHT_MODEL_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    return open_run_folder(tmp_path / "run")


def test_secrets_are_made_once(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    first = make_secrets(folder)
    assert MODEL_KEY not in first
    monkeypatch.setenv("OPENAI_API_KEY", "a key")
    assert make_secrets(folder) == first | {MODEL_KEY: "a key"}
    assert not list(folder.root.glob(f"secrets/*{MODEL_KEY}*")), "the model's key is not ours to keep"


def test_a_daemon_gets_its_own_secrets_only(folder: RunFolder) -> None:
    made = make_secrets(folder)
    directory = hand_out(folder, "worker-1", (SIGNING_KEY, "model_ticket_key", MODEL_KEY), made)
    assert {path.name for path in directory.iterdir()} == {
        "pagewright_worker_signing_key",
        "pagewright_model_ticket_key",
    }
    directory = hand_out(folder, "worker-1", ("model_ticket_key",), made)
    (left,) = directory.iterdir()
    assert (left.read_text(), left.stat().st_mode & 0o777) == (made["model_ticket_key"], 0o600)


def test_older_keys_stay_trusted(tmp_path: Path) -> None:
    file = tmp_path / "trusted-keys"
    for lines in (["one"], ["two", "one"], []):
        trust(file, lines)
    assert file.read_text() == "one\ntwo\n"
