"""Counting attempts to sign in: by all apis together, and what stops guessing must not be a way to do harm itself."""

import asyncio
from contextlib import suppress

import pytest
from sqlalchemy import func, select

from daemons.api.attempts import Attempts
from daemons.api.database import Database, open_database
from daemons.api.tables import sign_in_attempts
from shared.errors import TooMany


async def held(database: Database) -> int:
    """Rows of the table."""
    async with database.reading() as connection:
        return (await connection.execute(select(func.count()).select_from(sign_in_attempts))).scalar_one()


def test_attempts_that_are_refused_leave_nothing(database_url: str) -> None:
    """One address that is used up goes on with ever new e-mail addresses."""

    async def run() -> None:
        async with open_database(database_url) as database:
            attempts = Attempts(database, most=10, seconds=900)
            for n in range(10):
                await attempts.count(f"email {n}", "address 10.0.0.1")
            for n in range(50):
                with pytest.raises(TooMany):
                    await attempts.count(f"email new {n}", "address 10.0.0.1")
            assert await held(database) == 20

    asyncio.run(run())


def test_who_is_stopped_frees_nobody_else(database_url: str) -> None:
    """An address that is used up can't push out the count of the account that it guesses at."""

    async def run() -> None:
        async with open_database(database_url) as database:
            attempts = Attempts(database, most=10, seconds=900)
            for n in range(10):
                await attempts.count("email ana@example.org", f"address 10.0.0.{n}")
                await attempts.count(f"email {n}", "address 10.0.1.1")
            for n in range(50):
                with suppress(TooMany):
                    await attempts.count(f"email new {n}", "address 10.0.1.1")
            await attempts.count("email ben@example.org", "address 10.0.3.1")
            with pytest.raises(TooMany):
                await attempts.count("email ana@example.org", "address 10.0.2.1")

    asyncio.run(run())


def test_all_apis_count_together(database_url: str) -> None:
    """Who is refused by one does not get ten more attempts at the other, nor at a restart."""

    async def run() -> None:
        async with open_database(database_url) as one, open_database(database_url) as other:
            apis = [Attempts(database, most=10, seconds=900) for database in (one, other)]
            for n in range(10):
                await apis[n % 2].count("email ana@example.org", f"address 10.0.0.{n}")
            for api in apis:
                with pytest.raises(TooMany):
                    await api.count("email ana@example.org", "address 10.0.1.1")
        async with open_database(database_url) as again:
            with pytest.raises(TooMany):
                await Attempts(again, most=10, seconds=900).count("email ana@example.org", "address 10.0.1.1")

    asyncio.run(run())


def test_attempts_are_forgotten_in_time(database_url: str) -> None:
    async def run() -> None:
        async with open_database(database_url) as database:
            attempts = Attempts(database, most=1, seconds=0)
            for _ in range(3):
                await attempts.count("email ana@example.org")
            assert await held(database) == 1

    asyncio.run(run())
