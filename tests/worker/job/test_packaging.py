"""Only a version that can be deployed is packed and stored."""

import asyncio

import pytest

from daemons.worker.base import Base
from daemons.worker.checks.run import Checked
from daemons.worker.job.editing import Edited
from daemons.worker.job.packaging import package_version
from shared.domain.archive import unpack
from shared.domain.errors import InvalidInput
from shared.domain.manifest import Changes
from shared.domain.vocabulary import SiteHead
from tests.support.storage_process import StorageProcess


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
