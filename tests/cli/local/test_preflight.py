"""The local run's folder, secrets, and what it says when something stands in its way."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest

from cli.local.credentials import hand_out, make_secrets
from cli.local.folder import RunFolder, is_running, locked, open_run_folder, private_folder
from cli.local.preflight import check_disk, check_extra, check_path, check_port
from cli.local.programs import Ports, all_programs
from shared.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, Unavailable


@pytest.fixture
def folder() -> Iterator[RunFolder]:
    root = Path(mkdtemp(prefix="pw"))
    yield open_run_folder(root / "run")
    rmtree(root)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_package_of_the_local_run_that_is_missing_is_named() -> None:
    """As on a server, where systemd starts what supervisor starts here."""
    check_extra("supervisor")
    with pytest.raises(NotFound, match="package unheard_of is missing") as refused:
        check_extra("unheard_of")
    assert "pagewright[local]" in refused.value.hint


def test_only_the_owner_can_read_the_folder_and_its_secrets(folder: RunFolder) -> None:
    """I7"""
    made = make_secrets(folder)
    credentials = hand_out(folder, "storage", ["storage_api_token"], made)
    assert {mode(path) for path in (folder.root, folder.sockets, folder.logs, credentials)} == {0o700}
    files = [path for path in folder.root.rglob("*") if path.is_file()]
    assert {mode(path) for path in files} == {0o600}


def test_each_daemon_is_given_its_own_secrets_and_no_other(folder: RunFolder) -> None:
    """I7"""
    all_programs(folder, Ports(), make_secrets(folder))
    given = {
        directory.name: {file.name.removeprefix("pagewright_") for file in directory.iterdir()}
        for directory in (folder.root / "credentials").iterdir()
    }
    worker = {"storage_worker_token", "model_ticket_key", "worker_signing_key"}
    assert given == {
        "storage": {"storage_worker_token", "storage_api_token", "storage_deployer_token"},
        "model": {"model_ticket_key"},
        "worker-1": worker,
        "worker-2": worker,
        "deployer": {"storage_deployer_token"},
        "api": {"storage_api_token", "model_ticket_key"},
    }


def test_no_secret_is_in_an_environment_or_on_a_command_line(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I7"""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-test")
    monkeypatch.setenv("PAGEWRIGHT_MODEL_NAME", "a-model")
    made = make_secrets(folder)
    programs = {program.name: " ".join(program.whole_command()) for program in all_programs(folder, Ports(), made)}
    assert not [name for name, words in programs.items() for secret in made.values() if secret in words]
    assert "PAGEWRIGHT_MODEL_NAME=a-model" in programs["model"]
    assert "a-model" not in programs["worker-1"] + programs["api"]
    assert (folder.root / "credentials/model/pagewright_model_key").read_text() == "sk-of-the-test"
    monkeypatch.delenv("OPENAI_API_KEY")
    all_programs(folder, Ports(), make_secrets(folder))
    assert not (folder.root / "credentials/model/pagewright_model_key").exists()


def test_secrets_stay_the_same(folder: RunFolder) -> None:
    assert make_secrets(folder) == make_secrets(folder)


def test_a_long_path_gets_its_sockets_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = Path(mkdtemp(prefix="pw"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", os.fspath(runtime))
    deep = tmp_path / ("deep-" * 20)
    deep.mkdir()
    folder = open_run_folder(deep / "run")
    assert folder.sockets.parent == runtime
    assert len(os.fspath(folder.socket("worker-1-admin"))) < 98
    assert open_run_folder(deep / "run").sockets == folder.sockets
    rmtree(runtime)


def test_somebody_elses_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(NotAllowed):
        private_folder(tmp_path / "link")


def test_one_system_runs_from_a_folder(folder: RunFolder) -> None:
    assert not is_running(folder)
    with locked(folder):
        assert is_running(folder)
        with pytest.raises(Conflict, match=str(os.getpid())), locked(folder):
            pass
    assert not is_running(folder)


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Conflict, match=str(port)) as refused:
            check_port(port, "PAGEWRIGHT_UI_PORT")
    assert "PAGEWRIGHT_UI_PORT=" in refused.value.hint


def test_a_path_that_nginx_cannot_hold_is_refused() -> None:
    check_path(Path("/srv/a/b-c_d/.run"))
    for name in ("with space", 'quo"te', "semi;colon", "dollar$"):
        with pytest.raises(InvalidInput):
            check_path(Path("/srv") / name)


def test_a_full_disk_is_a_sentence() -> None:
    check_disk(Path("/"))
    with pytest.raises(Unavailable, match="MB are free"):
        check_disk(Path("/"), megabytes=10**12)


def test_a_port_that_is_none_is_a_sentence() -> None:
    environment = {"PATH": os.defpath, "PAGEWRIGHT_UI_PORT": "http"}
    command = [sys.executable, "-m", "cli.local", "run"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert done.stderr.startswith("PageWright: PAGEWRIGHT_UI_PORT is 'http', which is no port.")
