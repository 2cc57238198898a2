"""A private PostgreSQL on a UNIX socket, started for all tests of a process; each test has a database of its own."""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support.left_out import package_missing

_NOBODY = 65534


def _program(name: str) -> str | None:
    """Debian keeps the server's programs off the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name)


class PostgresServer:
    """The server's process, which refuses to be root's."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._user = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        if self._user:
            os.chown(directory, _NOBODY, _NOBODY)
        self._run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync", "--no-instructions")
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-c listen_addresses= -c unix_socket_directories={self._directory} -c fsync=off"
        self._run("pg_ctl", "--wait", "--silent", f"--log={self._directory}/log", f"--options={options}", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "--wait", "--silent", "--mode=immediate", "stop")

    def new_database(self) -> str:
        """The URL of an empty database."""
        name = f"test_{secrets.token_hex(6)}"
        with psycopg.connect(f"host={self._directory} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql://postgres@/{name}?host={self._directory}"

    def _run(self, name: str, *arguments: str) -> None:
        program = _program(name)
        assert program
        subprocess.run(
            [program, f"--pgdata={self._directory}/data", *arguments],
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            cwd=self._directory, stdout=subprocess.DEVNULL, timeout=60, check=True, **self._user,
        )  # fmt: skip


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresServer]:
    """A PostgreSQL without any data worth keeping."""
    if not _program("initdb"):
        pytest.skip(package_missing("postgresql"))
    directory = Path(tempfile.mkdtemp(prefix="pw"))
    server = PostgresServer(directory)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(directory)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of the test's own, of each kind that we support."""
    return new_database(request, request.param, tmp_path / "api.sqlite")


def new_database(request: pytest.FixtureRequest, kind: str, file: Path) -> str:
    """The URL of an empty database; the file is SQLite's."""
    if kind == "sqlite":
        return f"sqlite:///{file}"
    server: PostgresServer = request.getfixturevalue("postgresql")
    return server.new_database()
