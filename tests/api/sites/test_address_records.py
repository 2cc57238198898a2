"""SQL follows what storage has recorded of a site's addresses, whatever it knew before."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from daemons.api.database.tables import addresses, audit, sites
from daemons.api.sites.address_records import SiteLabels, follow_record, is_behind, read_labels
from daemons.api.sites.site_labels import claim_label
from shared.domain.site_address import FormerAddress, SiteAddress
from tests.api.small_database import ANA, NOW, small_database

LATER = NOW + timedelta(days=30)
HOUR = timedelta(hours=1)


def moved(address: str, *former: tuple[str, datetime | None], site: str = "bakery") -> SiteAddress:
    known = tuple(FormerAddress(label=label, until=until) for label, until in former)
    return SiteAddress(number=1, site=site, address=address, former=known, by=ANA.email, at=NOW)


async def labels_in(connection: AsyncConnection) -> dict[str, tuple[str, datetime | None]]:
    rows = await connection.execute(select(addresses.c.label, addresses.c.site, addresses.c.until))
    return {row.label: (row.site, row.until) for row in rows}


def test_sql_follows_and_the_audit_trail_hears_of_each_new_address_once(database_url: str, tmp_path: Path) -> None:
    moves = [
        moved("brot", ("bakery", LATER)),
        moved("brot", ("bakery", LATER)),
        moved("laden", ("bakery", LATER), ("brot", None)),
        moved("bakery", ("brot", None)),
    ]

    async def run() -> None:
        async with small_database(tmp_path, "bakery", url=database_url) as database:
            for record in moves:
                async with database.writing() as connection:
                    await follow_record(connection, "bakery", record, NOW)
                async with database.reading() as connection:
                    known = (await read_labels(connection))["bakery"]
                    assert not is_behind("bakery", known, record, NOW)
                    shown = await connection.scalar(select(sites.c.address))
                    assert shown == (None if record.address == "bakery" else record.address)
            async with database.reading() as connection:
                expected = {"bakery": ("bakery", None), "brot": ("bakery", None), "laden": ("bakery", NOW)}
                assert await labels_in(connection) == expected
                told = (await connection.execute(select(audit.c.actor, audit.c.action, audit.c.details))).all()
            assert [row.details["address"] for row in told] == ["brot", "laden", "bakery"]
            assert [row.details["before"] for row in told] == ["bakery", "brot", "laden"]
            assert {(row.actor, row.action) for row in told} == {(ANA.email, "site.address")}

    asyncio.run(run())


def test_a_claim_for_a_move_that_failed_ends_once_it_is_clear_that_it_did(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path, "bakery") as database, database.writing() as connection:
            await claim_label(connection, "brot", "bakery", NOW)
            known = (await read_labels(connection))["bakery"]
            assert not is_behind("bakery", known, None, NOW), "the move may be under way"
            assert is_behind("bakery", known, None, NOW + HOUR)
            await follow_record(connection, "bakery", None, NOW + HOUR)
            assert (await labels_in(connection))["brot"] == ("bakery", NOW + HOUR)

    asyncio.run(run())


def test_a_site_without_an_owner_keeps_its_labels_until_it_has_one(tmp_path: Path) -> None:
    """As after the restore of an older database."""

    async def run() -> None:
        async with small_database(tmp_path, "bakery") as database:
            record = moved("cakes", ("cafe", None), site="cafe")
            async with database.writing() as connection:
                await follow_record(connection, "cafe", record, NOW)
                known = await read_labels(connection)
                assert not is_behind("cafe", known["cafe"], record, NOW)
                assert await labels_in(connection) == {"bakery": ("bakery", None), "cakes": ("cafe", None)}
                await connection.execute(update(sites).values(name="cafe"))
                assert is_behind("cafe", (await read_labels(connection))["cafe"], record, NOW)
                await follow_record(connection, "cafe", record, NOW)
                assert await connection.scalar(select(sites.c.address)) == "cakes"

    asyncio.run(run())


def test_a_storage_that_is_older_than_sql_has_the_truth(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path, "bakery") as database, database.writing() as connection:
            await follow_record(connection, "bakery", moved("brot", ("bakery", LATER)), NOW)
            assert is_behind("bakery", (await read_labels(connection))["bakery"], None, NOW)
            await follow_record(connection, "bakery", None, NOW)
            assert await connection.scalar(select(sites.c.address)) is None
            assert (await labels_in(connection))["brot"] == ("bakery", NOW)

    asyncio.run(run())


_LABELS = st.sampled_from(["bakery", "brot", "laden", "torte"])
_FORMER = st.dictionaries(_LABELS, st.sampled_from([None, NOW + HOUR, NOW - HOUR]))


@given(address=_LABELS, former=_FORMER, known=_FORMER, was=_LABELS)
def test_what_has_followed_is_not_behind(
    address: str, former: dict[str, datetime | None], known: dict[str, datetime | None], was: str
) -> None:
    """Read again: what SQL has then is what `follow_record` writes."""
    record = moved(address, *((label, until) for label, until in former.items() if label != address))
    leading = {one.label: one.until for one in record.leading(NOW)} | {address: None}
    written = {label: until for label, until in (known | leading).items() if label != "bakery"}
    claims = dict.fromkeys(written, NOW - HOUR)
    vain = SiteLabels(was, written, claims).in_vain(leading, NOW)
    after = SiteLabels(address, written | dict.fromkeys(vain, NOW), claims)
    assert not is_behind("bakery", after, record, NOW)
    assert set(vain) == {label for label, until in written.items() if until is None and label not in leading}
