"""Files for requests: sent, named by a request, refused with a sentence, forgotten after a day."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import insert, select

from daemons.api.accounts.site_access import own_site
from daemons.api.database.tables import uploads
from daemons.api.jobs.uploads import AttachedList, Attachment, KeptFile, Uploads, attached_to, keep_file
from shared.clients.storage import StorageClient
from shared.domain.attachments import FILE_BYTES, AttachedFiles
from shared.domain.errors import InvalidInput, TooLarge
from shared.domain.vocabulary import JobKind, new_id
from tests.api.conftest import World, problem
from tests.api.small_database import ANA, edit, small_database
from tests.support.storage_process import StorageProcess

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def send(
    world: World, site: str, data: bytes = PNG, name: str = "oven.png", client: httpx.Client | None = None
) -> httpx.Response:
    return (client or world.ana).post(f"sites/{site}/uploads", files={"file": (name, data, "image/png")})


def test_a_request_carries_the_files_that_it_names(world: World) -> None:
    site = world.queued_site()
    sent = send(world, site, name="C:\\pictures\\my oven.png")
    assert sent.status_code == 201
    upload = sent.json()
    assert (upload["name"], upload["type"], upload["size"], upload["site"]) == ("my oven.png", "image/png", 48, site)
    other = send(world, site, b"%PDF-1.7", "menu.pdf").json()["id"]
    wanted = [upload["id"], {"upload": other, "use": "look"}]
    answer = world.ana.post(f"sites/{site}/jobs", json={"message": "Use it.", "attachments": wanted})
    assert answer.status_code == 202
    job = answer.json()
    assert job["attachments"] == ["my oven.png", "menu.pdf"]
    assert job["message"] == "Use it.\n\n📎 my oven.png, menu.pdf"
    world.work(site)
    assert world.wait(job["id"])["attachments"] == job["attachments"]
    said = world.ana.get(f"sites/{site}/messages").json()["items"]
    assert job["message"] in [message["text"] for message in said]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "oven.png is empty."),
        (b"MZ\x90\0", "oven.png can’t be used. It is a program."),
        (b"hello", "It is none of the kinds"),
    ],
)
def test_a_file_that_no_request_can_use_is_refused_at_once(world: World, data: bytes, why: str) -> None:
    assert why in problem(send(world, world.queued_site(), data), 422)["detail"]


class Large:
    """A file of one byte too many."""

    async def read(self, size: int = -1) -> bytes:
        return bytes(FILE_BYTES + 1)


def test_a_file_that_is_too_large_reaches_no_storage() -> None:
    with pytest.raises(TooLarge, match=r"^poster\.png has 64\.0 MiB; at most 64 MiB are allowed\.$"):
        asyncio.run(keep_file(StorageClient("unix:/nowhere", ""), Large(), "poster.png", ""))


def test_only_a_form_with_a_file_is_an_upload(world: World) -> None:
    address = f"sites/{world.queued_site()}/uploads"
    told = problem(world.ana.post(address, json={"file": "x"}), 422)
    assert told["hint"] == "Send multipart/form-data."
    assert "file is missing" in problem(world.ana.post(address, files={"other": ("a.png", PNG)}), 422)["detail"]


def test_nobody_else_may_send_or_name_one(world: World) -> None:
    site, own = world.queued_site(), world.queued_site()
    upload = send(world, site).json()["id"]
    assert send(world, site, client=world.ben).status_code == 404
    assert send(world, site, b"hello", client=world.ben).status_code == 404, "a stranger's file is not even looked at"
    wanted = {"message": "Use it.", "attachments": [upload]}
    told = problem(world.ana.post(f"sites/{own}/jobs", json=wanted), 422)
    assert told["detail"] == "An attached file is not here any more."


def test_a_request_takes_ten_files(world: World) -> None:
    site = world.queued_site()
    upload = send(world, site).json()["id"]
    wanted = {"message": "Use it.", "attachments": [upload] * 11}
    assert "attachments" in problem(world.ana.post(f"sites/{site}/jobs", json=wanted), 422)["detail"]


async def forget(storage: StorageProcess, folder: Path) -> None:
    now, kept = datetime.now(UTC), KeptFile(digest="0" * 64, name="a.png", type="", size=1)
    async with small_database(folder, "bakery") as database, storage.client() as client:
        service = Uploads(database, client)
        async with database.writing() as connection:
            old = {"id": "0" * 28, "site": "bakery", "created_at": now - timedelta(days=1, seconds=1)}
            await connection.execute(insert(uploads).values(old | kept.model_dump()))
            site = await own_site(connection, ANA, "bakery")
        with pytest.raises(InvalidInput, match="not here any more"):
            await service.attach(site, [Attachment(upload="0" * 28)])
        new = await service.add(site, kept, new_id())
        again = await service.add(site, kept, new.id)
        async with database.reading() as connection:
            assert (await connection.execute(select(uploads.c.id))).scalars().all() == [new.id] == [again.id]
        attached = await service.attach(site, [Attachment(upload=new.id)])
        assert attached
        listed = AttachedFiles.model_validate_json(await client.get_blob(attached.upload, 1000))
        assert [(file.name, file.use) for file in listed.files] == [("a.png", "auto")]
        assert await service.attach(site, []) is None


def test_what_nobody_names_is_forgotten_after_a_day(storage: StorageProcess, tmp_path: Path) -> None:
    asyncio.run(forget(storage, tmp_path))


def test_an_import_has_an_upload_and_no_attachments() -> None:
    request = edit().model_copy(update={"upload": "0" * 64, "upload_name": "a.png\nb.pdf"})
    assert attached_to(request) == AttachedList("0" * 64, ("a.png", "b.pdf"))
    assert attached_to(request.model_copy(update={"kind": JobKind.IMPORT})) is None
    assert attached_to(edit()) is None
