"""A checksummed file shows every damage, and the status forgets a file that is whole again."""

from pathlib import Path

import pytest

from daemons.storage.checksummed_file import checksummed, read_checksummed, read_record, still_damaged
from shared.domain.errors import PageWrightError
from shared.domain.manifest import Blob

_WHOLE = checksummed(b"content")


@pytest.mark.parametrize(
    "data", [b"", b"content", _WHOLE[:-1], _WHOLE + b"\n", b"C" + _WHOLE[1:], _WHOLE.replace(b"\n", b" ", 1)]
)
def test_every_damage_is_seen(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(PageWrightError, match="damaged"):
        read_checksummed(path)
    assert still_damaged(tmp_path, 5) == [path]
    path.write_bytes(_WHOLE)
    assert read_checksummed(path) == b"content"
    assert still_damaged(tmp_path, 5) == []


def test_a_whole_file_of_another_record_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(checksummed(b'{"size": 1}'))
    with pytest.raises(PageWrightError) as refused:
        read_record(path, Blob)
    assert refused.value.__notes__ == [f"{path}: it is not a Blob"]
