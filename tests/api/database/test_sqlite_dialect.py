"""What stands alone is not ended; a transaction always is, also one that was cut off."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import aiosqlite
import pytest
from sqlalchemy import func, insert, select, text

from daemons.api.database.connection import open_database
from daemons.api.database.tables import sign_in_attempts


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ends of transactions that connections' threads were asked for."""
    asked: list[str] = []
    for name in ("commit", "rollback"):
        end = getattr(aiosqlite.Connection, name)

        async def noted(
            self: aiosqlite.Connection, name: str = name, end: Callable[..., Awaitable[None]] = end
        ) -> None:
            asked.append(name)
            await end(self)

        monkeypatch.setattr(aiosqlite.Connection, name, noted)
    return asked


def test_a_query_takes_no_round_to_end_nothing(tmp_path: Path, rounds: list[str]) -> None:
    async def run() -> None:
        async with open_database(f"sqlite:///{tmp_path}/api.sqlite") as database:
            await database.ping()
            rounds.clear()
            async with database.reading() as connection:
                assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1
            assert rounds == []
            async with database.writing() as connection:
                await connection.execute(text("SELECT 1"))
            assert "commit" in rounds

    asyncio.run(run())


def test_what_was_begun_is_undone_on_a_connection_that_read_before(tmp_path: Path) -> None:
    """By an error, or by a cancellation while the statement waits for its turn: the next writer is not held up."""
    values = {"id": "a", "key": "k", "at": datetime.now(UTC)}

    async def run() -> None:
        async with open_database(f"sqlite:///{tmp_path}/api.sqlite") as database:

            async def write() -> None:
                async with database.writing() as connection:
                    await connection.execute(insert(sign_in_attempts).values(values))
                    await asyncio.sleep(60)

            for _ in range(12):  # every connection of the pool has read
                await database.ping()
            with pytest.raises(ZeroDivisionError):
                async with database.writing() as connection:
                    await connection.execute(insert(sign_in_attempts).values(values))
                    raise ZeroDivisionError
            for turns in range(30):  # cut off at every point on the way
                cut = asyncio.create_task(write())
                for _ in range(turns):
                    await asyncio.sleep(0.0005)
                cut.cancel()
                await asyncio.gather(cut, return_exceptions=True)
                async with asyncio.timeout(5), database.writing() as connection:
                    count = await connection.execute(select(func.count()).select_from(sign_in_attempts))
                    assert count.scalar_one() == 0

    asyncio.run(run())


def test_a_statement_takes_one_round(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """To the connection's thread, which notes each."""
    caplog.set_level(logging.DEBUG, "aiosqlite")
    rows = [{"id": name, "key": "k", "at": datetime.now(UTC)} for name in "abc"]

    async def run() -> None:
        async with open_database(f"sqlite:///{tmp_path}/api.sqlite") as database:
            async with database.writing() as connection:
                assert (await connection.execute(insert(sign_in_attempts).values(rows[0]))).rowcount == 1
                await connection.execute(insert(sign_in_attempts), rows[1:])
            caplog.clear()
            async with database.reading() as connection:
                found = await connection.execute(select(sign_in_attempts.c.id).order_by(sign_in_attempts.c.id))
                assert found.scalars().all() == ["a", "b", "c"]
            assert sum(message.startswith("executing") for message in caplog.messages) == 1

    asyncio.run(run())
