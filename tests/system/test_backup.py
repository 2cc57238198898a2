"""`pagewright backup` and `pagewright restore`: a whole system comes back on another machine as it was."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from cli.local.backup import restore
from cli.local.folder import open_run_folder
from tests.support.local_system import LocalSystem, running_local_system
from tests.support.waiting import wait_until

_PROGRAM = Path(sys.executable).with_name("pagewright")


def pagewright(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """The command for the system of one run folder."""
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "PAGEWRIGHT_RUN_DIRECTORY": os.fspath(folder)}
    line = [_PROGRAM, *map(str, words)]
    return subprocess.run(line, env=environment, capture_output=True, text=True, check=False, timeout=180)


def done(folder: Path, *words: object) -> str:
    finished = pagewright(folder, *words)
    assert (finished.returncode, finished.stderr) == (0, "")
    return finished.stdout


def refused(folder: Path, *words: object) -> str:
    finished = pagewright(folder, *words)
    assert (finished.returncode, finished.stdout) == (1, "")
    assert "Traceback" not in finished.stderr
    return finished.stderr


def seen(system: LocalSystem) -> dict[str, Any]:
    """What people see of everything."""
    sites = [site["name"] for site in system.client.get("/sites")["items"]]
    parts = ("", "/versions", "/deployments", "/messages")
    told = {f"{site}{part}": _get(system, f"/sites/{site}{part}") for site in sites for part in parts}
    for site in sites:
        wait_until(lambda name=site: system.shown(name), f"{site} is served")
    pages = {f"{prefix}{site}": system.page(f"{prefix}{site}") for site in sites for prefix in ("", "preview--")}
    return told | pages


def _get(system: LocalSystem, path: str) -> Any:  # noqa: ANN401
    answer = system.client.get(path)
    return {name: value for name, value in answer.items() if name != "urls"} if isinstance(answer, dict) else answer


@pytest.fixture
def base() -> Iterator[Path]:
    """Short, for the sockets of the systems in it."""
    path = Path(mkdtemp(prefix="pw"))
    yield path
    shutil.rmtree(path)


def test_a_system_comes_back_on_another_machine(base: Path) -> None:
    """I1, I9: users, sites, chat, versions, slots, and it works on."""
    old, new, backups = base / "old", base / "new", base / "backups"
    old.mkdir()
    with running_local_system(folder=old) as system:
        system.new_site("bakery")
        job = system.edit("bakery", 'Change the headline to "Warm bread"')
        system.publish("bakery", job["version"])
        system.edit("bakery", 'Change the headline to "Cold bread"')
        system.client.post("/users", {"email": "baker@example.org", "admin": False})
        before = seen(system)
        said = done(old, "backup", backups)
        assert f"storage is in {backups}/storage/" in said
        system.edit("bakery", 'Change the headline to "Not in the backup"')
        assert "already running" in refused(old, "restore", backups, "--replace")
    assert f"{old} has a system already" in refused(old, "restore", backups)

    assert "Start it with" in done(new, "restore", backups)
    done(new, "backup", base / "again")
    assert _dump(base / "again") == _dump(backups)
    with running_local_system(folder=new) as system:
        assert seen(system) == before
        keys = (new / "trusted-keys").read_text().splitlines()
        assert len(keys) == len(set(keys)) == 2, "the old worker's key and the new one's"
        assert system.edit("bakery", 'Change the headline to "New bread"')["version"] == 4
        assert done(new, "verify", new / "storage", new / "trusted-keys")

    done(old, "restore", backups, "--replace")
    (aside,) = old.glob("replaced-*")
    assert sorted(path.name for path in aside.iterdir()) == ["api", "redis", "sites", "storage"]
    assert (aside / "storage/sites/bakery/versions/000000/4").exists()
    assert not (old / "storage/sites/bakery/versions/000000/4").exists()
    done(old, "backup", base / "old again")
    assert _dump(base / "old again") == _dump(backups)


def _dump(backups: Path) -> str:
    (dump,) = (backups / "database").iterdir()
    return dump.read_text()


def test_what_can_not_be_done_is_told(base: Path) -> None:
    folder = base / "run"
    assert "nothing to back up" in refused(folder, "backup", base / "backups")
    assert "has no backup of a whole system" in refused(folder, "restore", base / "backups")
    assert sorted(path.name for path in base.iterdir()) == ["run"]


@pytest.fixture
def backups(base: Path, local_system: LocalSystem) -> Path:
    done(local_system.folder.root, "backup", base / "backups")
    return base / "backups"


def start_refused(folder: Path) -> str:
    """What `make run` says instead of starting."""
    environment = {"PATH": os.defpath, "PAGEWRIGHT_RUN_DIRECTORY": os.fspath(folder)}
    line = [sys.executable, "-m", "cli.local", "run"]
    told = subprocess.run(line, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert (told.returncode, told.stdout.count("PageWright is running")) == (1, 0)
    return told.stderr


def test_nothing_starts_from_half_a_restore(base: Path, backups: Path) -> None:
    """Killed while it copies, or the power fails between its renames: the api would make a new, empty database."""
    folder = base / "run"
    done(folder, "restore", backups)
    environment = {"PATH": os.defpath, "PAGEWRIGHT_RUN_DIRECTORY": os.fspath(folder)}
    line = [_PROGRAM, "restore", backups, "--replace"]
    with subprocess.Popen(line, env=environment, start_new_session=True) as restoring:
        wait_until((folder / "restoring/storage").exists, "it copies")
        os.killpg(restoring.pid, signal.SIGKILL)
    assert "was broken off" in start_refused(folder)

    shutil.rmtree(folder / "api")
    assert "--replace` again" in start_refused(folder)
    (backups / "broken/storage").mkdir(parents=True)
    assert "no backup of a whole system" in refused(folder, "restore", backups / "broken", "--replace")
    assert "was broken off" in start_refused(folder)

    done(folder, "restore", backups, "--replace")
    assert not (folder / "restoring").exists()
    with running_local_system(folder=folder) as system:
        assert system.client.get("/sites/demo")["latest"]


def test_a_restore_that_fails_is_as_if_it_had_not_been(base: Path, backups: Path) -> None:
    folder = base / "run"
    (copy,) = (backups / "storage").iterdir()
    (copy / "index").rename(copy / "lost")
    assert "index: No such file" in refused(folder, "restore", backups)
    assert not (folder / "restoring").exists()


def test_a_version_that_nobody_can_read_keeps_no_site_from_coming_back(base: Path, backups: Path) -> None:
    """I11: it is named, and everything else is restored and proven."""
    (copy,) = (backups / "storage").iterdir()
    blob = max((copy / "blobs").glob("*/*"), key=lambda path: path.stat().st_size)
    blob.write_bytes(b"!" * blob.stat().st_size)
    said = done(base / "run", "restore", backups)
    assert f"blob {blob.parent.name}/{blob.name}: its bytes" in said
    assert "all else is proven" in said
    assert (base / "run/storage/sites/demo").is_dir()


def test_what_is_restored_survives_a_power_cut(base: Path, backups: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The order of what makes it so; each call is really carried out."""
    made: list[str] = []

    def record(owner: object, name: str) -> None:
        real = getattr(owner, name)

        def call(*arguments: object) -> object:
            made.append(name)
            return real(*arguments)

        monkeypatch.setattr(owner, name, call)

    for owner, name in ((os, "sync"), (os, "fsync"), (Path, "rename"), (Path, "rmdir")):
        record(owner, name)
    restore(open_run_folder(base / "run"), backups, replace=False)
    assert made[-6:] == ["sync", "rename", "rename", "sync", "rmdir", "fsync"]
