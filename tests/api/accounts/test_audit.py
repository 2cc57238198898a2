"""The audit trail: who did what."""

import asyncio
from pathlib import Path

import pytest

from daemons.api.accounts.audit import AuditTrail, record_action
from tests.api.conftest import World
from tests.api.small_database import small_database


def test_i9_the_audit_trail_tells_who_did_what(world: World) -> None:
    name = world.site("Make it blue.")
    entries = world.root.get("audit", params={"site": name}).json()["items"]
    assert [(entry["actor"], entry["action"]) for entry in entries] == [
        ("ana@example.org", "job.edit"),
        ("ana@example.org", "site.create"),
    ]
    assert "blue" not in str(entries)


def test_the_trail_comes_in_pages_newest_first(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path) as database:
            trail = AuditTrail(database)
            for number, site in enumerate(("bakery", None, "bakery")):
                await trail.record("ana", f"deed {number}", site, number=number)
                await asyncio.sleep(0.002)  # ids sort by their millisecond
            first = await trail.entries(None, None, 2)
            assert [(entry.action, entry.details) for entry in first.items] == [
                ("deed 2", {"number": 2}),
                ("deed 1", {"number": 1}),
            ]
            rest = await trail.entries(None, first.next, 2)
            assert ([entry.action for entry in rest.items], rest.next) == (["deed 0"], None)
            assert [entry.action for entry in (await trail.entries("bakery", None, 2)).items] == ["deed 2", "deed 0"]

    asyncio.run(run())


def test_a_deed_that_failed_leaves_no_entry(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path) as database:
            with pytest.raises(ZeroDivisionError):
                async with database.writing() as connection:
                    await record_action(connection, "ana", "deed")
                    raise ZeroDivisionError
            assert (await AuditTrail(database).entries(None, None, 9)).items == []

    asyncio.run(run())
