"""Names in a directory are made durable; what is no directory is refused."""

from pathlib import Path

import pytest

from shared.runtime.directory_sync import sync_directory


def test_a_directory_is_synced_and_its_descriptor_closed(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        sync_directory(tmp_path)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_what_is_no_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        sync_directory(tmp_path / "file")
    with pytest.raises(FileNotFoundError):
        sync_directory(tmp_path / "nothing")
