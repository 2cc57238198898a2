"""The folder of a local run: private, in short paths, and used by one system at a time."""

from pathlib import Path

import pytest

from cli.local.folder import RunFolder, is_running, locked, open_run_folder, private_folder
from shared.domain.errors import Conflict, NotAllowed


def test_a_folder_is_private(tmp_path: Path) -> None:
    folder = open_run_folder(tmp_path / "run")
    assert {path.stat().st_mode & 0o777 for path in (folder.root, folder.logs, folder.sockets)} == {0o700}
    (tmp_path / "link").symlink_to(folder.root)
    with pytest.raises(NotAllowed):
        private_folder(tmp_path / "link")


def test_sockets_move_out_of_a_long_path() -> None:
    """A UNIX socket's path may have 107 bytes; two folders never share one."""
    assert RunFolder.at(Path("/a/.run")).socket("api") == Path("/a/.run/sockets/api.sock")
    long = [RunFolder.at(Path(f"/{'a' * 90}/{name}")).socket("api") for name in "bc"]
    assert long[0] != long[1]
    assert all("a" * 90 not in str(path) for path in long)


def test_one_system_runs_from_a_folder(tmp_path: Path) -> None:
    folder = open_run_folder(tmp_path / "run")
    assert not is_running(folder)
    with locked(folder):
        assert is_running(folder)
        with pytest.raises(Conflict, match="already running"), locked(folder):
            pass
    assert not is_running(folder)
