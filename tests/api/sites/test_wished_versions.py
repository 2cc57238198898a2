"""Old versions that people look at: a few for each person, for a while."""

import asyncio

import pytest

from daemons.api.accounts.site_access import OwnedSite, SiteRow
from daemons.api.sites.wished_versions import WishedVersions
from shared.domain.errors import TooMany
from tests.api.small_database import ANA, BEN, NOW
from tests.support.manifests import fill_site
from tests.support.storage_process import StorageProcess


def owned(user: object, name: str = "bakery") -> OwnedSite:
    row = SiteRow(name=name, title=name, template=None, owner_id=ANA.id, owner=ANA.email, created_at=NOW)
    return OwnedSite(row, user)  # type: ignore[arg-type]


def test_a_person_may_look_at_a_few_old_versions_in_some_minutes(storage: StorageProcess) -> None:
    now = 0.0

    async def play() -> None:
        nonlocal now
        async with storage.client() as worker, storage.client("api") as api:
            await fill_site(worker, 9)
            wished = WishedVersions(api, lambda: now)
            for number in range(1, 7):
                await wished.look(owned(ANA), number, is_missing=False)
            await wished.look(owned(ANA), 1, is_missing=False)
            with pytest.raises(TooMany):
                await wished.look(owned(ANA), 7, is_missing=False)
            await wished.look(owned(BEN), 7, is_missing=False)
            now = 301
            await wished.look(owned(ANA), 7, is_missing=False)

    asyncio.run(play())
