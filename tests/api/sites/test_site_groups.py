"""Groups of sites: whose they are, and how sites come into them and out again."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from daemons.api.database.tables import audit
from daemons.api.sites.site_groups import SiteGroups, group_from
from shared.domain.errors import InvalidInput
from tests.api.small_database import ANA, BEN, small_database


def test_only_ones_own_sites_are_put_into_a_group_and_each_is_noted(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path, "bakery", "cafe", "zoo") as database:
            groups = SiteGroups(database)
            await groups.put(BEN, ["bakery"], "Mine")
            assert await groups.of(ANA) == []
            await groups.put(ANA, ["bakery", "cafe", "nowhere"], "Food")
            await groups.put(ANA, ["zoo"], "Animals")
            assert await groups.of(ANA) == ["Animals", "Food"]
            assert await groups.of(BEN) == []
            await groups.put(ANA, ["zoo"], None)
            assert await groups.of(ANA) == ["Food"]
            async with database.reading() as connection:
                noted = (await connection.execute(select(audit.c.site, audit.c.details).order_by(audit.c.id))).all()
            assert sorted((site, details["group"]) for site, details in noted[:3]) == [
                ("bakery", "Food"),
                ("cafe", "Food"),
                ("zoo", "Animals"),
            ]

    asyncio.run(run())


def test_a_group_is_one_short_line() -> None:
    assert group_from("  Café \n\t Müller ") == "Café Müller"
    assert group_from(" ") is None
    with pytest.raises(InvalidInput):
        group_from("x" * 61)
