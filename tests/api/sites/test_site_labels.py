"""Labels of the sites' domain: each belongs to one site, whoever asks for it at the same time, of whatever release."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Insert, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from daemons.api.database.connection import Database
from daemons.api.database.tables import addresses, sites
from daemons.api.sites.site_labels import SPARED, claim_label, taken_labels, unclaim_label
from daemons.api.sites.site_names import NameTaken
from tests.api.small_database import ANA, NOW, small_database


async def claim(database: Database, label: str, site: str) -> bool:
    async with database.writing() as connection:
        return await claim_label(connection, label, site, NOW)


async def end(connection: AsyncConnection, label: str, days: int) -> None:
    query = update(addresses).where(addresses.c.label == label)
    await connection.execute(query.values(until=NOW - timedelta(days=days)))


def old_release_makes(name: str) -> Insert:
    return insert(sites).values(name=name, owner_id=ANA.id, title="Old", created_at=NOW)


def test_one_of_two_who_claim_a_label_at_once_gets_it(database_url: str, tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path, "bakery", "cafe", url=database_url) as database:
            for label in ("brot", "kuchen", "torte"):
                claims = [claim(database, label, site) for site in ("bakery", "cafe", "bakery", "cafe")]
                told = await asyncio.gather(*claims, return_exceptions=True)
                async with database.reading() as connection:
                    owner = await connection.scalar(select(addresses.c.site).where(addresses.c.label == label))
                winners = [site for site, made in zip(("bakery", "cafe") * 2, told, strict=True) if made is True]
                assert winners == [owner]
                assert sum(isinstance(made, NameTaken) for made in told) >= 2, told

    asyncio.run(run())


def test_a_label_is_taken_until_a_day_after_its_end_and_its_own_site_keeps_it(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path, "bakery", "cafe") as database:
            assert await claim(database, "brot", "bakery")
            assert not await claim(database, "brot", "bakery")
            assert not await claim(database, "bakery", "bakery")
            for name in ("brot", "bakery"):
                with pytest.raises(NameTaken, match=f"The name {name} is taken"):
                    await claim(database, name, "cafe")
            async with database.writing() as connection:
                await end(connection, "brot", days=SPARED.days)
                assert await taken_labels(connection, ["brot", "bakery", "free"], NOW) == {"brot", "bakery"}
                await end(connection, "brot", days=SPARED.days + 1)
                assert await taken_labels(connection, ["brot", "bakery", "free"], NOW) == {"bakery"}
            assert await claim(database, "brot", "cafe")

    asyncio.run(run())


def test_a_label_that_was_claimed_in_vain_is_free_but_no_name(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path, "bakery", "cafe") as database:
            await claim(database, "brot", "bakery")
            async with database.writing() as connection:
                await unclaim_label(connection, "brot", "cafe")
                assert await taken_labels(connection, ["brot"], NOW) == {"brot"}
                for label in ("brot", "bakery"):
                    await unclaim_label(connection, label, "bakery")
                assert await taken_labels(connection, ["brot", "bakery"], NOW) == {"bakery"}

    asyncio.run(run())


def test_the_name_of_a_site_that_is_gone_for_good_is_free(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path, "bakery", "cafe") as database:
            async with database.writing() as connection:
                await connection.execute(update(sites).where(sites.c.name == "cafe").values(removed_at=NOW))
            with pytest.raises(NameTaken):
                await claim(database, "cafe", "bakery")
            async with database.writing() as connection:
                await connection.execute(update(sites).where(sites.c.name == "cafe").values(gone_at=NOW))
            assert await claim(database, "cafe", "bakery")

    asyncio.run(run())


def test_a_release_that_knows_no_claims_makes_none_the_less(database_url: str, tmp_path: Path) -> None:
    """It inserts a row, or takes up one that is gone, as it always did; the database refuses what is another's."""

    async def run() -> None:
        async with small_database(tmp_path, "bakery", "cafe", url=database_url) as database:
            async with database.writing() as connection:
                await connection.execute(old_release_makes("florist"))
                await connection.execute(update(sites).where(sites.c.name == "cafe").values(gone_at=NOW))
            with pytest.raises(NameTaken):
                await claim(database, "florist", "bakery")
            assert await claim(database, "brot", "bakery")
            assert await claim(database, "cafe", "bakery")
            async with database.writing() as connection:  # as a dump has it
                await connection.execute(old_release_makes("brot").values(removed_at=NOW, gone_at=NOW))
                await connection.execute(delete(sites).where(sites.c.name == "brot"))
            taken_up = update(sites).where(sites.c.name == "cafe").values(gone_at=None)
            for query in (old_release_makes("brot"), taken_up):
                with pytest.raises(IntegrityError):
                    async with database.writing() as connection:
                        await connection.execute(query)

    asyncio.run(run())
