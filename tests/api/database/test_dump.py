"""Dumps of the database: whole or refused, the same for SQLite and PostgreSQL, and loaded as a whole or not at all."""

import asyncio
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Boolean, Connection, DateTime, Integer, Table, insert, select, text

from daemons.api.database import migrations
from daemons.api.database.connection import Database, connect, open_database
from daemons.api.database.dump import dump, load
from daemons.api.database.dump_file import check_dump
from daemons.api.database.revisions import is_known, upgrade
from daemons.api.database.tables import audit, metadata, sites, users
from shared.domain.errors import PageWrightError
from shared.runtime.backups import complete_backups
from tests.support.api_process import ApiProcess
from tests.support.daemon_process import ROOT, DaemonProcess, run_module
from tests.support.postgresql import new_database

_NOW = datetime(2030, 3, 31, 0, 30, 0, 123456, tzinfo=UTC)
_ROWS = 2 * len(metadata.tables)
_TEXT = "“Bäckerei” \n\t\\ 🥖 ' \" \u2028"


def line(*words: object) -> list[str]:
    return [sys.executable, "-m", "daemons.api.database.dump", *map(str, words)]


def environment(url: str) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PAGEWRIGHT_API_DATABASE_URL": url}


def run(url: str, *words: object) -> subprocess.CompletedProcess[str]:
    """The command as an operator gives it."""
    return run_module("daemons.api.database.dump", *words, environment=environment(url), seconds=120)


def dumped(url: str, target: Path, keep: int = 14) -> str:
    """What it says of a dump."""
    return asyncio.run(dump(url, target, keep))


def loaded(url: str, file: Path, *, replace: bool = False) -> str:
    """What it says of a load."""
    return asyncio.run(load(url, file, replace=replace))


def sample_row(table: Table, number: int, *, full: bool) -> dict[str, Any]:
    """A row with a value of each column's type, or as few values as the table allows."""
    row: dict[str, Any] = {}
    for column in table.columns:
        # A site's name is a label of its own.
        if column.foreign_keys or column.primary_key or str(column) == "addresses.site":
            row[column.name] = f"{number}"
        elif column.nullable and not full:
            row[column.name] = None
        elif isinstance(column.type, JSON):
            row[column.name] = {"text": _TEXT, "list": [1, 2.5, None, True, {"\u0000": "\ud83e"}]}
        elif isinstance(column.type, Boolean):
            row[column.name] = full
        elif isinstance(column.type, Integer):
            row[column.name] = 2**31 - 1
        elif isinstance(column.type, DateTime) or column.type.__class__.__name__ == "UtcTime":
            row[column.name] = _NOW + timedelta(microseconds=number)
        else:
            row[column.name] = f"{number}{_TEXT}"[: getattr(column.type, "length", None)]
    return row


async def _fill(database: Database) -> None:
    """Two rows in every table."""
    async with database.writing() as connection:
        for table in metadata.sorted_tables:
            await connection.execute(insert(table), [sample_row(table, 1, full=True)])
            await connection.execute(insert(table), [sample_row(table, 2, full=False)])


async def _contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    async with database.reading() as connection:
        return {
            table.name: [tuple(row) for row in await connection.execute(select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }


def within(url: str, work: Callable[[Database], Any]) -> Any:  # noqa: ANN401
    """Do something with the database open, its tables up to date."""

    async def play() -> Any:  # noqa: ANN401
        async with open_database(url) as database:
            return await work(database)

    return asyncio.run(play())


@pytest.fixture
def filled_url(database_url: str) -> str:
    within(database_url, _fill)
    return database_url


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_dump_becomes_the_same_rows_in_either_database(
    kind: str, filled_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """This is the way from SQLite to PostgreSQL, too."""
    assert dumped(filled_url, tmp_path / "one.jsonl") == f"{_ROWS} rows dumped."
    other = new_database(request, kind, tmp_path / "other.sqlite")
    assert loaded(other, tmp_path / "one.jsonl") == f"{_ROWS} rows loaded."
    assert within(other, _contents) == within(filled_url, _contents)
    dumped(other, tmp_path / "two.jsonl")
    one, two = ((tmp_path / f"{name}.jsonl").read_text().splitlines() for name in ("one", "two"))
    assert sorted(one[:-1]) == sorted(two[:-1])

    async def no_json_is_null(database: Database) -> int:
        async with database.reading() as connection:
            return int((await connection.execute(text("SELECT count(*) FROM jobs WHERE outcome IS NULL"))).scalar_one())

    assert within(other, no_json_is_null) == 1


def test_the_command_says_what_it_did_or_why_not(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path}/api.sqlite", tmp_path / "dump.jsonl"
    within(url, _fill)
    for words, answer in ((("dump", file), "dumped"), (("load", file, "--replace"), "loaded")):
        done = run(url, *words)
        assert (done.returncode, done.stdout, done.stderr) == (0, f"{_ROWS} rows {answer}.\n", "")
    assert file.stat().st_mode & 0o777 == 0o600
    for words, sentence in (
        (("dump", file), f"{file} is there already. Choose another name.\n"),
        (("load", file), "The database has sites already. With --replace they and all the rest are deleted.\n"),
        (("load", tmp_path / "nothing"), f"{tmp_path}/nothing: No such file or directory.\n"),
    ):
        refused = run(url, *words)
        assert (refused.returncode, refused.stdout, refused.stderr) == (1, "", sentence)


def test_only_the_newest_dumps_are_kept_in_a_folder(tmp_path: Path) -> None:
    url, folder = f"sqlite:///{tmp_path}/api.sqlite", tmp_path / "backups"
    within(url, _fill)
    folder.mkdir()
    for _ in range(3):
        dumped(url, folder, keep=2)
        time.sleep(1)
    assert [path.suffix for path in folder.iterdir()] == [".jsonl", ".jsonl"]
    assert all(is_known(check_dump(path)) for path in complete_backups(folder))


def test_a_dump_is_one_moment(database_url: str, tmp_path: Path) -> None:
    """A user and their audit record are written together, and neither is ever dumped without the other."""
    stop = threading.Event()

    async def add(database: Database, number: int) -> None:
        async with database.writing() as connection:
            await connection.execute(insert(audit).values({**sample_row(audit, 0, full=True), "id": f"{number:028}"}))
            await connection.execute(
                insert(users).values({**sample_row(users, number, full=True), "email": f"{number}"})
            )

    async def work(database: Database) -> None:
        number = 0
        while not stop.is_set():
            await add(database, number := number + 1)

    asyncio.run(_make_tables(database_url))
    busy = threading.Thread(target=within, args=(database_url, work))
    busy.start()
    try:
        for number in range(5):
            dumped(database_url, tmp_path / f"{number}")
            time.sleep(0.1)
    finally:
        stop.set()
        busy.join()
    counts = [json.loads((tmp_path / f"{number}").read_text().splitlines()[-1])["rows"] for number in range(5)]
    assert all(rows["users"] == rows["audit"] for rows in counts)
    assert len({rows["users"] for rows in counts}) > 1, "nothing was written meanwhile"


@pytest.fixture
def small_dump(tmp_path: Path) -> Path:
    """Two rows of each table."""
    within(f"sqlite:///{tmp_path}/small.sqlite", _fill)
    dumped(f"sqlite:///{tmp_path}/small.sqlite", tmp_path / "small.jsonl")
    return tmp_path / "small.jsonl"


async def _add_user(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(insert(users), [sample_row(users, 7, full=True)])


async def _add_site(database: Database) -> None:
    await _add_user(database)
    async with database.writing() as connection:
        await connection.execute(insert(sites), [sample_row(sites, 7, full=True)])


def test_loading_replaces_only_what_it_is_told_to(database_url: str, small_dump: Path, tmp_path: Path) -> None:
    within(database_url, _add_site)
    before = within(database_url, _contents)
    with pytest.raises(PageWrightError, match="has sites already"):
        loaded(database_url, small_dump)
    assert within(database_url, _contents) == before
    loaded(database_url, small_dump, replace=True)
    assert within(database_url, _contents) == within(f"sqlite:///{tmp_path}/small.sqlite", _contents)


def test_users_without_sites_are_replaced(database_url: str, small_dump: Path, tmp_path: Path) -> None:
    """As a fresh roll-out leaves them: an administrator, and nothing else."""
    within(database_url, _add_user)
    loaded(database_url, small_dump)
    assert within(database_url, _contents) == within(f"sqlite:///{tmp_path}/small.sqlite", _contents)


def test_tables_of_others_stay_out_of_it(filled_url: str, tmp_path: Path) -> None:
    async def tables(database: Database) -> None:
        async with database.writing() as connection:
            await connection.execute(text("CREATE TABLE visits (page VARCHAR(9), token NUMERIC)"))
            await connection.execute(text("INSERT INTO visits VALUES ('theirs', 1.5)"))

    async def theirs(database: Database) -> list[str]:
        async with database.reading() as connection:
            return list((await connection.execute(text("SELECT page FROM visits"))).scalars())

    within(filled_url, tables)
    assert dumped(filled_url, tmp_path / "dump.jsonl") == f"{_ROWS} rows dumped."
    assert loaded(filled_url, tmp_path / "dump.jsonl", replace=True) == f"{_ROWS} rows loaded."
    assert within(filled_url, theirs) == ["theirs"]


def _sealed(lines: list[str]) -> str:
    """Head, tables and rows with an end that is right for them."""
    rows: dict[str, int] = {}
    for line in lines[1:]:
        record = json.loads(line)
        if isinstance(record, dict):
            name = record["table"]
            rows[name] = -1
        rows[name] += 1
    body = "".join(f"{line}\n" for line in lines)
    return body + json.dumps({"rows": rows, "sha256": hashlib.sha256(body.encode()).hexdigest()}) + "\n"


def _replaced(old: str, new: str) -> Callable[[list[str]], str]:
    return lambda lines: "\n".join(lines).replace(old, new, 1) + "\n"


def _sealed_with(old: str, new: str) -> Callable[[list[str]], str]:
    return lambda lines: _sealed([line.replace(old, new) for line in lines[:-1]])


def _without_users(lines: list[str]) -> str:
    at = next(number for number, line in enumerate(lines) if '"users"' in line)
    return _sealed(lines[: at + 1] + lines[at + 3 : -1])


_HARMS: dict[str, tuple[Callable[[list[str]], str], str]] = {
    "nothing": (lambda _: "", "is no dump"),
    "something else": (lambda _: '{"pagewright": "site"}\n', "is no dump"),
    "no text": (lambda _: "\0\1\2", "is no dump"),
    "no end": (lambda lines: "\n".join(lines[:-1]) + "\n", "damaged or not whole"),
    "half a line": (lambda lines: "\n".join(lines)[:-5], "damaged or not whole"),
    "one row less": (lambda lines: "\n".join(lines[:2] + lines[3:]) + "\n", "damaged or not whole"),
    "another letter": (_replaced("ckerei", "ckerej"), "damaged or not whole"),
    "something more": (lambda lines: "\n".join([*lines, "[]"]) + "\n", "damaged or not whole"),
    "newer format": (_replaced('"format":1', '"format":2'), "a newer PageWright"),
    "newer tables": (_sealed_with('"revision":"', '"revision":"9'), "a newer PageWright"),
    "strange table": (_sealed_with('"users"', '"users2"'), "a table users2"),
    "strange column": (_sealed_with('"email"', '"mail"'), "columns of users"),
    "lost rows": (_without_users, "The database refuses"),
}


@pytest.mark.parametrize("harm", _HARMS)
def test_a_bad_dump_changes_nothing(harm: str, database_url: str, small_dump: Path, tmp_path: Path) -> None:
    change, sentence = _HARMS[harm]
    (tmp_path / "bad.jsonl").write_text(change(small_dump.read_text().splitlines()))
    within(database_url, _add_site)
    before = within(database_url, _contents)
    with pytest.raises(PageWrightError, match=sentence):
        loaded(database_url, tmp_path / "bad.jsonl", replace=True)
    assert within(database_url, _contents) == before


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/api.sqlite"
    with pytest.raises(PageWrightError, match="There is no database"):
        dumped(url, tmp_path / "dump.jsonl")
    assert list(tmp_path.iterdir()) == []
    asyncio.run(_make_empty(url))
    with pytest.raises(PageWrightError, match="has no tables"):
        dumped(url, tmp_path / "dump.jsonl")
    assert not list(tmp_path.glob("*.jsonl*"))


async def _make_tables(url: str) -> None:
    async with open_database(url):
        pass


async def _make_empty(url: str) -> None:
    async with connect(url) as database:
        await database.ping()


def _large(url: str, rows: int = 20_000) -> None:
    async def fill(database: Database) -> None:
        row = sample_row(audit, 0, full=True)
        async with database.writing() as connection:
            await connection.execute(insert(audit), [{**row, "id": f"{number:028}"} for number in range(rows)])

    within(url, fill)


def _kill_after(url: str, seconds: float, *words: object) -> int:
    """The exit status of a command that is killed after some time."""
    assert DaemonProcess.fork_server
    with Path(os.devnull).open("wb") as nowhere:
        process = DaemonProcess.fork_server.start(
            "daemons.api.database.dump", *map(str, words),
            environment=environment(url), output=nowhere.fileno(), errors=nowhere.fileno(),
        )  # fmt: skip
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    return process.wait(60)


def test_a_killed_load_changes_nothing(database_url: str, tmp_path: Path) -> None:
    """However late it is killed; once it comes through, all is there."""
    large = f"sqlite:///{tmp_path}/large.sqlite"
    _large(large, 8_000)
    dumped(large, tmp_path / "large.jsonl")
    within(database_url, _fill)
    before, after = within(database_url, _contents), within(large, _contents)
    killed, seconds = 0, 0.05
    while (now := within(database_url, _contents)) == before:
        killed += _kill_after(database_url, seconds, "load", tmp_path / "large.jsonl", "--replace") == -signal.SIGKILL
        seconds *= 1.3
    assert now == after
    assert killed


def test_a_killed_dump_is_no_dump(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/api.sqlite"
    _large(url)
    folder = tmp_path / "backups"
    folder.mkdir()
    with subprocess.Popen(line("dump", folder), env=environment(url), cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        while not list(folder.glob(".*.partial")):
            assert process.poll() is None
        process.kill()
    assert complete_backups(folder) == []
    dumped(url, folder)
    assert len(complete_backups(folder)) == len(list(folder.iterdir())) == 1


def test_a_full_disk_leaves_the_dumps_before(tmp_path: Path) -> None:
    url, folder = f"sqlite:///{tmp_path}/api.sqlite", tmp_path / "backups"
    folder.mkdir()
    _large(url)
    script = f"{' '.join(line('dump', folder / 'dump.jsonl'))}; echo $?; ls -A {folder}"
    full = ["bwrap", "--dev-bind", "/", "/", "--size", "1000000", "--tmpfs", str(folder), "sh", "-c", script]
    finished = subprocess.run(
        full, env=environment(url), cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert (finished.stdout, "is full. Free space" in finished.stderr) == ("1\n", True), finished.stderr


def _newer_program(folder: Path) -> Config:
    """The migrations of a PageWright that has one more, which adds a table and a column."""
    shutil.copytree(Path(migrations.__file__).parent, folder, ignore=shutil.ignore_patterns("__pycache__"))
    config = Config()
    config.set_main_option("script_location", str(folder))
    head = ScriptDirectory.from_config(config).get_current_head()
    (folder / "versions/9999_more.py").write_text(_MORE.replace("HEAD", f"{head}"))
    return config


_MORE = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "HEAD"
branch_labels = depends_on = None


def upgrade():
    op.add_column("users", sa.Column("nickname", sa.String(40)))
    op.create_table("badges", sa.Column("id", sa.String(28)), sa.Column("at", sa.DateTime(timezone=True)))
    op.execute("INSERT INTO badges VALUES ('first', '2030-03-31 00:30:00')")
"""


def _upgrade_with(config: Config, connection: Connection) -> None:
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def upgrade_to_newer(url: str, folder: Path) -> None:
    """What a newer api does at its start."""

    async def upgrade(database: Database) -> None:
        await database.change_tables(lambda connection: _upgrade_with(_newer_program(folder), connection))

    within(url, upgrade)


def test_an_older_api_works_on_the_tables_of_a_newer_one(api: ApiProcess, tmp_path: Path) -> None:
    """After the platform was rolled back: see docs/decisions/0018."""
    api.user("ana@example.org")
    api.stop()
    upgrade_to_newer(api.environment["PAGEWRIGHT_API_DATABASE_URL"], tmp_path / "migrations")
    api.start()
    assert "those of a newer PageWright (revision 9999)" in api.log.read_text()
    ben = api.user("ben@example.org")
    assert ben.post("sites", json={"name": "old", "title": "Old", "template": "personal-page"}).status_code == 201


def test_a_dump_has_what_an_older_program_does_not_know(filled_url: str, small_dump: Path, tmp_path: Path) -> None:
    """And is refused by it, as is a database that has more than it knows."""
    upgrade_to_newer(filled_url, tmp_path / "migrations")
    assert dumped(filled_url, tmp_path / "dump.jsonl") == f"{_ROWS + 1} rows dumped."
    assert '["first","2030-03-31T00:30:00+00:00"]' in (tmp_path / "dump.jsonl").read_text()
    for file in (tmp_path / "dump.jsonl", small_dump):
        with pytest.raises(PageWrightError, match=r"a newer PageWright \(revision 9999\)"):
            loaded(filled_url, file, replace=True)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_dump_of_the_first_release_is_brought_up_to_date(
    kind: str, database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    old = new_database(request, kind, tmp_path / "old.sqlite")

    def fill(connection: Connection) -> None:
        upgrade(connection, "0001")
        connection.execute(insert(users), [sample_row(users, 7, full=True)])

    async def make() -> None:
        async with connect(old) as database:
            await database.change_tables(fill)

    asyncio.run(make())
    assert dumped(old, tmp_path / "old.jsonl") == "1 rows dumped."
    assert check_dump(tmp_path / "old.jsonl") == "0001"
    loaded(database_url, tmp_path / "old.jsonl")
    contents = within(database_url, _contents)  # which asks for every table that there is now
    assert contents["users"] == [tuple(sample_row(users, 7, full=True).values())]
