"""The file of a dump: what was written is read again, and what is not whole is refused."""

import io
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemons.api.database.dump_file import DumpWriter, Row, check_dump, dumped_rows
from shared.domain.errors import InvalidInput

ROWS: list[Row] = [["1", "ana\n\u2028", True], ["2", "ben", None]]


def dump_of(rows: list[Row], revision: str = "0003") -> bytes:
    file = io.BytesIO()
    writer = DumpWriter(file, revision)
    writer.table("users", ["id", "email", "admin"], iter(rows))
    writer.table("sites", ["name"], iter([]))
    assert writer.end() == len(rows)
    return file.getvalue()


def test_what_is_dumped_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "dump"
    path.write_bytes(dump_of(ROWS))
    assert check_dump(path) == "0003"
    names = ("id", "email", "admin")
    assert list(dumped_rows(path)) == [("users", dict(zip(names, row, strict=True))) for row in ROWS]


def test_a_dump_that_lost_its_last_byte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dump"
    path.write_bytes(dump_of(ROWS)[:-1])
    with pytest.raises(InvalidInput):
        check_dump(path)


@given(st.data())
def test_a_dump_that_lost_or_changed_anything_is_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = dump_of(ROWS)
    at = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != whole[at]))
    damaged = data.draw(st.sampled_from([whole[:at], whole[:at] + bytes([byte]) + whole[at + 1 :], whole + whole[-9:]]))
    path = tmp_path_factory.mktemp("dump") / "dump"
    path.write_bytes(damaged)
    with pytest.raises(InvalidInput):
        check_dump(path)


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (b'{"pagewright": "database", "format": 2, "revision": "0009"}\n', "made by a newer PageWright"),
        (b'{"format": 1}\n', "is no dump of PageWright's database"),
        (b"\x1f\x8b\n", "is no dump of PageWright's database"),
        (b"", "is no dump of PageWright's database"),
    ],
)
def test_another_file_is_called_what_it_is(tmp_path: Path, head: bytes, says: str) -> None:
    path = tmp_path / "dump"
    path.write_bytes(head)
    with pytest.raises(InvalidInput, match=says):
        check_dump(path)


def test_times_are_dumped_in_utc_whatever_their_zone(tmp_path: Path) -> None:
    """SQLite forgets the zone, PostgreSQL answers in its own."""
    moment = datetime(2030, 3, 31, 0, 30, tzinfo=UTC)
    same = [moment, moment.replace(tzinfo=None), moment.astimezone(timezone(timedelta(hours=2)))]
    (tmp_path / "dump").write_bytes(dump_of([["1", at, None] for at in same]))
    assert {row["email"] for _, row in dumped_rows(tmp_path / "dump")} == {"2030-03-31T00:30:00+00:00"}
    with pytest.raises(TypeError, match="bytes has no place in a dump"):
        dump_of([["1", b"raw", None]])
