"""The index of a backup names every file, and shows whether any of it is missing."""

from pathlib import Path

import pytest

from daemons.storage.file_index import IndexWriter, indexed_files
from shared.domain.errors import InvalidInput


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    with IndexWriter(tmp_path) as index:
        for name, size in (("one", 3), ("two words", 0)):
            (tmp_path / name).write_bytes(b"x" * size)
            index.add(Path(name))
    return tmp_path


def test_every_file_is_named_with_its_size(backup: Path) -> None:
    assert list(indexed_files(backup)) == [(Path("one"), 3), (Path("two words"), 0)]


@pytest.mark.parametrize("keep", [slice(1), slice(2), slice(1, 3), slice(0)])
def test_an_index_that_lost_a_line_is_damaged(keep: slice, backup: Path) -> None:
    lines = (backup / "index").read_bytes().splitlines(keepends=True)
    (backup / "index").write_bytes(b"".join(lines[keep]))
    with pytest.raises(InvalidInput, match="damaged"):
        list(indexed_files(backup))


def test_something_behind_the_end_is_damage(backup: Path) -> None:
    with (backup / "index").open("ab") as index:
        index.write(b"1 three\n")
    with pytest.raises(InvalidInput, match="damaged"):
        list(indexed_files(backup))


def test_an_interrupted_writer_leaves_no_end(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), IndexWriter(tmp_path):
        raise KeyboardInterrupt
    assert (tmp_path / "index").read_bytes() == b""
