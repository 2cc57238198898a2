"""A zip that is given away while it is written is an ordinary one, and always the same."""

import io
import zipfile
from datetime import UTC, datetime

from daemons.api.sites.zip_stream import ZipStream

AT = datetime(2026, 11, 23, 12, 30, 8, tzinfo=UTC)
FILES = {"index.html": b"<h1>Bread</h1>" * 1000, "über uns.html": b"", "a/b.jpg": bytes(range(256)) * 300}


def written(at: datetime = AT) -> tuple[bytes, list[int]]:
    """The whole zip, and how many bytes came with each file."""
    made, pieces = ZipStream(), []
    for path, data in FILES.items():
        made.add(path, data, at)
        assert made.waiting > 0
        pieces.append(made.take())
        assert made.waiting == 0
    made.end()
    assert made.files == len(FILES)
    return b"".join([*pieces, made.take()]), [len(piece) for piece in pieces]


def test_it_is_read_like_any_other() -> None:
    data, _ = written()
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == FILES
        assert {info.date_time for info in opened.infolist()} == {(2026, 11, 23, 12, 30, 8)}
        assert {info.external_attr >> 16 for info in opened.infolist()} == {0o100644}


def test_text_is_compressed_and_each_file_leaves_at_once() -> None:
    _, sizes = written()
    assert sizes[0] < 1000 and sizes[2] < len(FILES["a/b.jpg"]) / 10


def test_the_same_files_give_the_same_bytes() -> None:
    assert written() == written()
    old, _ = written(datetime(1970, 1, 1, tzinfo=UTC))
    with zipfile.ZipFile(io.BytesIO(old)) as opened:
        assert opened.infolist()[0].date_time[0] == 1980, "a zip knows no earlier year"
