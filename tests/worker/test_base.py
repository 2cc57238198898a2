"""The version that a job starts from: one that nobody can read is named, and the others serve as well (I11)."""

import asyncio

import pytest

from daemons.worker.base import Base, fetch_base
from daemons.worker.checks.run import Checked
from daemons.worker.job.editing import Edited
from daemons.worker.job.packaging import package_version
from shared.domain.archive import unpack
from shared.domain.errors import Conflict, InvalidInput
from shared.domain.manifest import Changes
from shared.domain.vocabulary import SiteHead
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


def test_what_could_not_be_deployed_is_neither_signed_nor_stored(storage: StorageProcess) -> None:
    """I6: the deployer's own function looks at the packed bytes first."""
    public = {"index.html": b"<h1>Bread</h1>", "index.html.gz": b"another page"}

    async def play() -> None:
        async with storage.client() as client:
            with pytest.raises(InvalidInput, match=r"index\.html\.gz is not the compressed form"):
                await package_version(
                    client,
                    SiteHead(site="bakery"),
                    base=Base(),
                    edited=Edited(public, ""),
                    public=public,
                    changes=Changes(),
                    checked=Checked((), (), (), b""),
                )

    asyncio.run(play())
    assert not list(storage.directory.glob("blobs/*/*"))


def test_a_site_of_equal_bytes_is_packed(storage: StorageProcess) -> None:
    """It shrinks as a bomb does, and everybody can read it."""
    public = {"index.html": b"<h1>Bread</h1>", "white.bmp": b"\xff" * (12 << 20)}

    async def play() -> None:
        async with storage.client() as client:
            package = await package_version(
                client,
                SiteHead(site="bakery"),
                base=Base(),
                edited=Edited(public, ""),
                public=public,
                changes=Changes(),
                checked=Checked((), (), (), b""),
            )
            assert unpack(await client.get_blob(package.artifact.sha256, package.artifact.size)).public == public

    asyncio.run(play())
