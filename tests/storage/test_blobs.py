"""Bytes are stored under their digest or not at all; what is here already is compared, what is damaged is replaced."""

import asyncio
import errno
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from daemons.storage.blobs import Blobs
from shared.domain.errors import InvalidInput, NotFound
from shared.domain.manifest import Blob

_DATA = b"bytes" * 1000
_SHA256 = hashlib.sha256(_DATA).hexdigest()


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    (tmp_path / "incoming").mkdir()
    return Blobs(tmp_path / "blobs", tmp_path / "incoming", reserved=0)


def send(blobs: Blobs, data: bytes = _DATA, sha256: str = _SHA256) -> tuple[Blob, bool]:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(data), 999):
            yield data[start : start + 999]

    return asyncio.run(blobs.receive(sha256, len(data), chunks()))


def test_a_blob_is_stored_once(blobs: Blobs) -> None:
    blob = Blob(sha256=_SHA256, size=len(_DATA))
    assert blobs.size(_SHA256) is None
    assert send(blobs) == (blob, True)
    written = blobs.path(_SHA256).stat().st_ino
    assert send(blobs) == (blob, False)
    assert blobs.path(_SHA256).stat().st_ino == written
    assert blobs.find(_SHA256)[0].read_bytes() == _DATA


def test_other_bytes_than_promised_leave_nothing(blobs: Blobs, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="another sha256"):
        send(blobs, _DATA + b"x")
    assert list((tmp_path / "incoming").iterdir()) == []
    with pytest.raises(NotFound):
        blobs.find(_SHA256)


def test_a_torn_blob_is_replaced(blobs: Blobs) -> None:
    blobs.path(_SHA256).write_bytes(_DATA[:-1])
    assert send(blobs)[1]
    assert blobs.path(_SHA256).read_bytes() == _DATA


def test_the_reserve_is_never_used(tmp_path: Path) -> None:
    (tmp_path / "incoming").mkdir()
    full = Blobs(tmp_path / "blobs", tmp_path / "incoming", reserved=1 << 60)
    with pytest.raises(OSError) as refused:  # the number is what counts
        send(full)
    assert refused.value.errno == errno.ENOSPC
    assert list((tmp_path / "incoming").iterdir()) == []
