"""The version that a job starts from: one that nobody can read is named, and the others serve as well (I11)."""

import asyncio

import pytest

from daemons.worker.base import fetch_base
from shared.domain.errors import Conflict
from tests.support.manifests import fill_site, put_version_blobs, signed_manifest
from tests.support.storage_process import StorageProcess


def test_a_version_that_can_not_be_read_is_named_and_older_ones_are_material(storage: StorageProcess) -> None:
    async def play() -> None:
        async with storage.client() as client:
            await fill_site(client, 1)
            artifact, (_, listed) = await client.put_blob(b"no archive"), await put_version_blobs(client, 2)
            await client.commit(signed_manifest(2, artifact=artifact, public=listed))
            head = await client.head("bakery")
            with pytest.raises(Conflict, match="Version 2 can't be read: The archive is damaged") as told:
                await fetch_base(client, head, None)
            assert "start from one of them" in told.value.hint
            assert (await fetch_base(client, head, 1)).number == 1

    asyncio.run(play())
