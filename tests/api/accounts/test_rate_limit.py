"""Counting attempts to sign in: by all apis together, and what stops guessing must not be a way to do harm itself."""

import asyncio
from collections import Counter
from contextlib import suppress

import pytest
from sqlalchemy import func, select

from daemons.api.accounts.rate_limit import RateLimit
from daemons.api.database.connection import Database, open_database
from daemons.api.database.tables import sign_in_attempts
from shared.domain.errors import TooMany


async def held(database: Database) -> int:
    """Rows of the table."""
    async with database.reading() as connection:
        return (await connection.execute(select(func.count()).select_from(sign_in_attempts))).scalar_one()


def limits(email: str, network: str) -> dict[str, int]:
    """Ten attempts for each."""
    return {f"email {email}": 10, f"network {network}": 10}


def test_attempts_that_are_refused_leave_nothing(database_url: str) -> None:
    """One network that is used up goes on with ever new e-mail addresses."""

    async def run() -> None:
        async with open_database(database_url) as database:
            attempts = RateLimit(database, seconds=900)
            for n in range(10):
                await attempts.note(limits(f"{n}", "10.0.0.1"))
            for n in range(50):
                with pytest.raises(TooMany):
                    await attempts.note(limits(f"new {n}", "10.0.0.1"))
            assert await held(database) == 20

    asyncio.run(run())


def test_who_is_stopped_frees_nobody_else(database_url: str) -> None:
    """A network that is used up can't push out the count of the account that it guesses at."""

    async def run() -> None:
        async with open_database(database_url) as database:
            attempts = RateLimit(database, seconds=900)
            for n in range(10):
                await attempts.note(limits("ana@example.org", f"10.0.0.{n}"))
                await attempts.note(limits(f"{n}", "10.0.1.1"))
            for n in range(50):
                with suppress(TooMany):
                    await attempts.note(limits(f"new {n}", "10.0.1.1"))
            await attempts.note(limits("ben@example.org", "10.0.3.1"))
            with pytest.raises(TooMany):
                await attempts.note(limits("ana@example.org", "10.0.2.1"))

    asyncio.run(run())


def test_all_apis_count_together(database_url: str) -> None:
    """Who is refused by one does not get ten more attempts at the other, nor at a restart."""

    async def run() -> None:
        async with open_database(database_url) as one, open_database(database_url) as other:
            apis = [RateLimit(database, seconds=900) for database in (one, other)]
            for n in range(10):
                await apis[n % 2].note(limits("ana@example.org", f"10.0.0.{n}"))
            for api in apis:
                with pytest.raises(TooMany):
                    await api.note(limits("ana@example.org", "10.0.1.1"))
        async with open_database(database_url) as again:
            with pytest.raises(TooMany):
                await RateLimit(again, seconds=900).note(limits("ana@example.org", "10.0.1.1"))

    asyncio.run(run())


def test_attempts_in_the_same_moment_see_each_other(database_url: str) -> None:
    async def run() -> None:
        async with open_database(database_url) as one, open_database(database_url) as other:
            apis = [RateLimit(database, seconds=900) for database in (one, other)]
            tries = (apis[n % 2].note({"email ana@example.org": 10}) for n in range(30))
            answers = Counter(map(type, await asyncio.gather(*tries, return_exceptions=True)))
            assert answers == {list: 10, TooMany: 20}

    asyncio.run(run())


def test_a_success_is_forgotten_and_a_failure_is_not(database_url: str) -> None:
    async def run() -> None:
        async with open_database(database_url) as database:
            attempts = RateLimit(database, seconds=900)
            await attempts.note(limits("ana@example.org", "10.0.0.1"))
            for _ in range(20):
                await attempts.forget(await attempts.note(limits("ana@example.org", "10.0.0.1")))
            assert await held(database) == 2

    asyncio.run(run())


def test_attempts_are_forgotten_in_time(database_url: str) -> None:
    async def run() -> None:
        async with open_database(database_url) as database:
            attempts = RateLimit(database, seconds=0)
            for _ in range(3):
                await attempts.note({"email ana@example.org": 1})
            assert await held(database) == 1

    asyncio.run(run())
