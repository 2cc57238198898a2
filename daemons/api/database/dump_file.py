"""The file of a database dump: JSON lines, the same for every database.

A head `{"pagewright": "database", "format": 1, "revision": …}`; for each table `{"table": …, "columns": […]}` and its
rows as arrays; an end `{"rows": {table: number}, "sha256": …}`, whose sum is that of all lines before it.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from shared.domain.errors import InvalidInput

Row = list[object]
_FORMAT = 1


class DumpWriter:
    """Writes a dump from its head to its end."""

    def __init__(self, file: BinaryIO, revision: str) -> None:
        self._file = file
        self._sum = hashlib.sha256()
        self._rows: dict[str, int] = {}
        self._write({"pagewright": "database", "format": _FORMAT, "revision": revision})

    def table(self, name: str, columns: list[str], rows: Iterator[Row]) -> None:
        """One table with its rows."""
        self._write({"table": name, "columns": columns})
        self._rows[name] = 0
        for row in rows:
            self._write(row)
            self._rows[name] += 1

    def end(self) -> int:
        """The last line; returns the number of all rows."""
        self._write({"rows": self._rows, "sha256": self._sum.hexdigest()})
        return sum(self._rows.values())

    def _write(self, record: object) -> None:
        line = json.dumps(record, default=_in_utc, separators=(",", ":")).encode() + b"\n"
        self._sum.update(line)
        self._file.write(line)


def _in_utc(value: object) -> str:
    if not isinstance(value, datetime):
        raise TypeError(f"{type(value).__name__} has no place in a dump")
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def check_dump(path: Path) -> str:
    """The revision of the tables in a dump that is whole; raises InvalidInput or OSError."""
    total = hashlib.sha256()
    rows: dict[str, int] = {}
    name, width = "", 0
    with path.open("rb") as file:
        head = file.readline()
        revision = _revision(_record(head), path)
        total.update(head)
        for line in file:
            match _record(line):
                case {"table": str(name), "columns": [*columns]}:
                    rows[name], width = 0, len(columns)
                case [*values] if rows and len(values) == width:
                    rows[name] += 1
                case {"rows": counted, "sha256": digest} if (counted, digest) == (rows, total.hexdigest()):
                    if line.endswith(b"\n") and not file.read(1):
                        return revision
                    break
                case _:
                    break
            total.update(line)
    raise InvalidInput(f"The dump {path} is damaged or not whole.", "Take another one.")


def _revision(head: object, path: Path) -> str:
    match head:
        case {"pagewright": "database", "format": 1, "revision": str(revision)}:
            return revision
        case {"pagewright": "database"}:
            raise InvalidInput(f"The dump {path} was made by a newer PageWright.", "Load it with that one.")
    raise InvalidInput(f"{path} is no dump of PageWright's database.", "Its first line would say so.")


def dumped_rows(path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """Table and values by column of each row of a whole dump, in the order in which they can be inserted."""
    name, columns = "", list[str]()
    with path.open("rb") as file:
        for line in file:
            match _record(line):
                case {"table": str(name), "columns": [*columns]}:
                    pass
                case [*values]:
                    yield name, dict(zip(columns, values, strict=True))


def _record(line: bytes) -> object:
    """What a line says; None if it says nothing."""
    try:
        record: object = json.loads(line)
    except ValueError:
        return None
    return record
