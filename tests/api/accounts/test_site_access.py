"""Who may see which site; for everybody else it does not exist."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from daemons.api.accounts.site_access import find_site, own_site, visible_sites
from daemons.api.database.tables import sites
from shared.domain.errors import NotFound
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
