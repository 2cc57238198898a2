"""Who may see which site; for everybody else it does not exist."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from daemons.api.accounts.site_access import (
    GRACE,
    find_site,
    own_removed_site,
    own_site,
    removed_sites,
    visible_sites,
)
from daemons.api.database.tables import sites
from shared.domain.errors import Gone, NotFound
from tests.api.small_database import ANA, BEN, ROOT, small_database


def test_a_site_is_its_owners_and_administrators(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path, "bakery") as database, database.reading() as connection:
            for user in (ANA, ROOT):
                row = (await own_site(connection, user, "bakery")).row
                assert (row.name, row.owner, row.owner_id) == ("bakery", ANA.email, ANA.id)
            refused = []
            for name in ("bakery", "nowhere", "../bakery", "BAKERY", "bakery\0"):
                with pytest.raises(NotFound) as error:
                    await own_site(connection, BEN, name)
                refused.append(error.value.detail.replace(repr(name), "…"))
            assert set(refused) == {"There is no site … among yours."}, "the same for another's and for nobody's"

    asyncio.run(run())


def test_the_condition_on_rows_says_the_same(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path, "bakery", "cafe") as database, database.reading() as connection:
            seen = {
                user.email: len((await connection.execute(select(sites.c.name).where(visible_sites(user)))).all())
                for user in (ANA, BEN, ROOT)
            }
            assert seen == {ANA.email: 2, BEN.email: 0, ROOT.email: 2}
            assert await find_site(connection, "no--site") is None

    asyncio.run(run())


def test_a_deleted_site_is_hidden_and_its_owner_alone_is_told(tmp_path: Path) -> None:
    now = datetime.now(UTC)

    async def run() -> None:
        async with small_database(tmp_path, "bakery", "cafe", "dairy") as database:
            async with database.writing() as connection:
                for name, since in (("cafe", timedelta(days=29)), ("dairy", GRACE)):
                    query = update(sites).where(sites.c.name == name)
                    await connection.execute(query.values(removed_at=now - since, removed_by=ANA.email))
            async with database.reading() as connection:
                seen = [await connection.execute(select(sites.c.name).where(visible_sites(who))) for who in (ANA, ROOT)]
                assert [list(found.scalars()) for found in seen] == [["bakery"], ["bakery"]]
                query = select(sites.c.name).where(removed_sites(ANA, now))
                assert list((await connection.execute(query)).scalars()) == ["cafe"]
                for name, user, error in (("cafe", ANA, Gone), ("cafe", BEN, NotFound), ("dairy", ANA, NotFound)):
                    with pytest.raises(error):
                        await own_site(connection, user, name)
                assert (await own_removed_site(connection, ANA, "cafe")).row.name == "cafe"
                for name, user in (("bakery", ANA), ("cafe", BEN), ("dairy", ANA)):
                    with pytest.raises(NotFound):
                        await own_removed_site(connection, user, name)

    asyncio.run(run())
