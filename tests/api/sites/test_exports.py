"""Exports: the files of a version, or all versions with their records; what is missing is named, nothing is held."""

import asyncio
import io
import json
import zipfile
from pathlib import Path

import pytest

from daemons.api.accounts.accounts import Account
from daemons.api.accounts.site_access import OwnedSite, SiteRow
from daemons.api.sites.exports import MISSING, Export, Exports
from shared.clients.storage import StorageClient
from shared.domain.archive import pack
from shared.domain.errors import Conflict, NotFound, TooMany
from shared.domain.file_list import encode_file_list, public_files
from shared.domain.manifest import Manifest
from tests.api.small_database import ANA, BEN, NOW, ROOT
from tests.support.manifests import fill_site, signed_manifest
from tests.support.storage_process import StorageProcess


def owned(name: str, user: Account = ANA) -> OwnedSite:
    row = SiteRow(name=name, title="Bakery", template=None, owner_id=user.id, owner=user.email, created_at=NOW)
    return OwnedSite(row, user)


async def opened(export: Export) -> dict[str, bytes]:
    """The files of a zip that came whole."""
    data = b"".join([chunk async for chunk in export.chunks()])
    await export.end()
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        assert made.testzip() is None
        return {name: made.read(name) for name in made.namelist()}


async def built(client: StorageClient, site: str, number: int) -> Manifest:
    """A version whose source is not what visitors get."""
    source, public = {"content.md": b"# Bread"}, {"index.html": b"<h1>Bread</h1>"}
    files = await client.put_blob(encode_file_list(public_files(public, None, 1000 + number)))
    artifact = await client.put_blob(pack(source, public))
    return await client.commit(signed_manifest(number, artifact=artifact, public=files, site=site))


def test_a_version_is_exported_as_visitors_get_it_always_with_the_same_bytes(storage: StorageProcess) -> None:
    async def run() -> None:
        async with storage.client() as worker, storage.client("api") as api:
            await fill_site(worker, 2, site="export-a")
            await built(worker, "export-a", 3)
            exports, site = Exports(api), owned("export-a")
            for number, title in ((1, "Version 1"), (2, "Version 2")):
                made = await exports.version(site, number)
                assert made.file_name == f"export-a-v{number}.zip"
                assert await opened(made) == {"index.html": f"<!doctype html><title>{title}</title>".encode()}
            assert await opened(await exports.version(site, None)) == {"index.html": b"<h1>Bread</h1>"}
            assert await exports.size(site, 3) == len(b"<h1>Bread</h1>")
            twice = [[chunk async for chunk in (await exports.history(site, "en")).chunks()] for _ in range(2)]
            assert twice[0] == twice[1]
            for missing in (owned("export-none"), site):
                with pytest.raises(NotFound):
                    await exports.version(missing, None if missing is not site else 9)

    asyncio.run(run())


def test_the_history_has_each_version_with_its_record_and_names_what_is_missing(storage: StorageProcess) -> None:
    async def run() -> None:
        async with storage.client() as worker, storage.client("api") as api:
            made = await fill_site(worker, 2, site="export-b")
            await built(worker, "export-b", 3)
            files = await opened(await Exports(api).history(owned("export-b"), "en"))
            assert sorted(files) == [
                *(f"version-000{number}/{name}" for number in (1, 2) for name in ("public/index.html", "record.json")),
                *(f"version-0003/{name}" for name in ("public/index.html", "record.json", "source/content.md")),
            ]
            record = json.loads(files["version-0002/record.json"])
            assert (record["number"], record["message"]) == (2, "Make the title larger.")
            assert Manifest.model_validate(record) == made[1], "its signature can be verified still"
            few = await opened(await Exports(api, most_files=3).history(owned("export-b"), "en"))
            assert b"Versions 3 to 3: the zip would have too many files." in few[MISSING]
            blob = made[0].artifact.sha256
            (damaged,) = [path for path in Path(storage.directory).rglob(f"*{blob[4:]}*") if path.is_file()]
            damaged.write_bytes(b"damaged")
            files = await opened(await Exports(api).history(owned("export-b"), "en"))
            assert "version-0001/record.json" in files and "version-0001/public/index.html" not in files
            assert files[MISSING].decode().splitlines()[1].startswith("Version 1: Version 1 can’t be read: ")
            assert "version-0002/public/index.html" in files
            german = await opened(await Exports(api).history(owned("export-b"), "de"))
            assert german[MISSING].decode().startswith("Nicht in diesem Zip:\nVersion 1: ")
            with pytest.raises(Conflict, match="Version 1 can't be read"):
                await Exports(api).version(owned("export-b"), 1)

    asyncio.run(run())


def test_one_export_of_each_person_is_under_way_and_the_third_of_all_waits(storage: StorageProcess) -> None:
    async def run() -> None:
        async with storage.client() as worker, storage.client("api") as api:
            await fill_site(worker, 1, site="export-c")
            exports = Exports(api)
            begun = [await exports.version(owned("export-c", user), 1) for user in (ANA, BEN)]
            with pytest.raises(TooMany, match="on its way"):
                await exports.history(owned("export-c", BEN), "en")
            third = asyncio.create_task(exports.version(owned("export-c", ROOT), 1))
            await exports.size(owned("export-c"), 1)
            assert not third.done()
            await begun[1].end()  # who goes away makes room
            assert await opened(await third)
            assert await opened(await exports.version(owned("export-c", BEN), 1))
            assert await opened(begun[0])

    asyncio.run(run())
