"""The table in docs/architecture.md, row by row, against the real daemon."""

import asyncio
import hashlib
import shutil
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from starlette.routing import Route

from daemons.storage.app import storage_app
from daemons.storage.bearer_auth import BearerAuth, ServiceRole
from daemons.storage.blobs import BLOB_LIMIT
from daemons.storage.directory import Directory
from shared.clients.daemon import Response
from shared.domain.release import RELEASE
from shared.domain.signing import manifest_bytes
from shared.domain.vocabulary import new_id
from tests.storage.conftest import PlainHttp
from tests.support.manifests import commit_version, fill_site, put_version_blobs, signed_manifest
from tests.support.storage_process import StorageProcess
from tests.support.waiting import wait_until

_DIGEST = hashlib.sha256(b"hello").hexdigest()
_READS = [
    f"/v1/blobs/{_DIGEST}",
    "/v1/sites",
    "/v1/heads?sites=bakery",
    "/v1/sites/bakery",
    "/v1/sites/bakery/versions",
    "/v1/sites/bakery/overview",
    "/v1/sites/bakery/versions/1",
    "/v1/sites/bakery/jobs/" + "0" * 28,
    "/v1/sites/bakery/deployments",
    "/v1/addresses",
    "/v1/changes",
]
_WRITES: list[tuple[str, str, set[str], dict[str, object]]] = [
    ("PUT", f"/v1/blobs/{_DIGEST}", {"worker", "api"}, {"content": b"hello"}),
    ("POST", "/v1/sites/bakery/claims", {"worker"}, {"json": {"fence": 1, "holder": "w"}}),
    ("POST", "/v1/sites/bakery/versions", {"worker"}, {"content": b"{}", "headers": {"Fence": "1"}}),
    (
        "POST",
        "/v1/sites/bakery/deployments",
        {"worker", "api"},
        {"json": {"slot": "preview", "version": 1, "by": "x"}, "headers": {"Fence": "1"}},
    ),
    ("POST", "/v1/sites/bakery/wishes", {"api"}, {"json": {"version": 1, "is_missing": True}}),
    ("POST", "/v1/sites/bakery/desired", {"api"}, {"json": {"slot": "current", "version": 1, "by": "x"}}),
    (
        "POST",
        "/v1/sites/bakery/addresses",
        {"api"},
        {"json": {"address": "brot", "forward_until": None, "by": "x", "expected": "bakery"}},
    ),
]


def test_each_address_of_storage_is_asked_by_each_role(tmp_path: Path) -> None:
    """An address that comes later is in the lists above, or this fails."""
    directory = Directory(tmp_path)
    tokens = {role: f"{role}-".ljust(16, "x") for role in ServiceRole}
    routes = [route for route in storage_app(directory, BearerAuth(tokens), None).routes if isinstance(route, Route)]
    directory.close()
    asked = [("GET", path) for path in (*_READS, "/v1/status")] + [(method, path) for method, path, *_ in _WRITES]
    for route in routes:
        method = "GET" if "GET" in (route.methods or ()) else next(iter(route.methods or ()))
        assert [path for one, path in asked if one == method and route.path_regex.match(path.partition("?")[0])], route


def test_each_role_may_do_what_the_table_says(storage: StorageProcess, plain: PlainHttp) -> None:
    async def play() -> None:
        for path in _READS:
            for role in storage.tokens:
                assert (await plain.ask(role, "GET", path)).status_code in (200, 404), (role, path)
            for nobody in ("Bearer nobody", "Bearer", "Bearer é", f"Basic {storage.tokens['api']}"):
                headers = {"Authorization": nobody.encode()}
                assert (await plain.ask("api", "GET", path, headers=headers)).status_code == 401
        for role in storage.tokens:
            status = (await plain.ask(role, "GET", "/v1/status")).status_code
            assert status == (200 if role == "api" else 403), role
        for method, path, allowed, options in _WRITES:
            for role in storage.tokens:
                status = (await plain.ask(role, method, path, **options)).status_code
                assert (status != 403) == (role in allowed), (role, path, status)
            assert (await plain.ask("nobody", method, path, **options)).status_code == 401

    asyncio.run(play())


def test_a_worker_deploys_to_preview_only_and_names_its_fence(storage: StorageProcess, plain: PlainHttp) -> None:
    async def play() -> None:
        async with storage.client() as worker:
            await fill_site(worker, 1)
        path = "/v1/sites/bakery/deployments"
        desired = {"slot": "preview", "version": 1, "by": "worker-1"}
        assert (await plain.ask("worker", "POST", path, json=desired)).status_code == 422
        assert (await plain.ask("worker", "POST", path, json=desired, headers={"Fence": "1"})).status_code == 201
        published = await plain.ask("worker", "POST", path, json=desired | {"slot": "current"}, headers={"Fence": "1"})
        assert published.status_code == 403
        assert (await plain.ask("api", "POST", path, json=desired | {"version": 2})).status_code == 404
        assert (await plain.ask("api", "POST", path, json=desired | {"slot": "other"})).status_code == 422
        assert (await plain.ask("api", "POST", path, json=desired | {"by": ""})).status_code == 422

    asyncio.run(play())


def test_a_double_click_makes_one_deployment(storage: StorageProcess, plain: PlainHttp) -> None:
    async def play() -> None:
        async with storage.client() as worker:
            await fill_site(worker, 2)
        path = "/v1/sites/bakery/deployments"
        desired = {"slot": "current", "version": 1, "by": "ana"}
        answers = await asyncio.gather(*(plain.ask("api", "POST", path, json=desired) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
        assert len({answer.content for answer in answers}) == 1
        assert (await plain.ask("api", "POST", path, json=desired | {"version": 2})).status_code == 201
        assert (await plain.ask("api", "POST", path, json=desired)).status_code == 201  # a rollback is a new deployment
        listed = (await plain.ask("api", "GET", path)).json()
        assert [(item["number"], item["version"]) for item in listed["items"]] == [(3, 1), (2, 2), (1, 1)]

    asyncio.run(play())


def test_of_two_people_who_saw_the_same_one_alone_publishes(storage: StorageProcess, plain: PlainHttp) -> None:
    """Also at the same instant: the comparison and the deployment are one step."""

    async def play() -> None:
        async with storage.client() as worker:
            await fill_site(worker, 4)
        path = "/v1/sites/bakery/deployments"

        async def publish(version: int, expected: str) -> Response:
            desired = {"slot": "current", "version": version, "by": f"person-{version}"}
            return await plain.ask("api", "POST", path, json=desired, headers={"Expected": expected})

        for expected, versions in (("0", (1, 2, 3)), ("", (4,))):
            shown = (await plain.ask("api", "GET", "/v1/sites/bakery")).json()["slots"].get("current")
            answers = await asyncio.gather(*(publish(n, expected or str(shown["version"])) for n in versions))
            assert sorted(answer.status_code for answer in answers) == [201, *[409] * (len(versions) - 1)]
        late = (await publish(1, "0")).json()
        assert late["detail"].startswith("person-4 published version 4 at ")
        assert "Look at version 4;" in late["hint"]
        assert (await publish(4, "1")).status_code == 200, "it is there already: a double click is no conflict"
        assert (await publish(1, "x")).status_code == 422
        assert len((await plain.ask("api", "GET", path)).json()["items"]) == 2

    asyncio.run(play())


def test_blobs_over_http(storage: StorageProcess, plain: PlainHttp) -> None:
    async def play() -> None:
        path = f"/v1/blobs/{_DIGEST}"
        assert (await plain.ask("api", "PUT", path, content=b"hello")).status_code == 201
        assert (await plain.ask("api", "PUT", path, content=b"hello")).status_code == 200
        for wrong in (b"hullo", b"longer"):
            assert (await plain.ask("api", "PUT", path, content=wrong)).status_code == 422
        other = f"/v1/blobs/{hashlib.sha256(b'other').hexdigest()}"
        assert (await plain.ask("api", "PUT", other, content=b"hello")).status_code == 422
        assert (await plain.ask("api", "GET", other)).status_code == 404
        for method in ("GET", "HEAD"):
            answer = await plain.ask("deployer", method, path)
            assert (answer.headers["content-length"], answer.headers["etag"]) == ("5", f'"{_DIGEST}"')
            assert answer.content == (b"hello" if method == "GET" else b"")
        (storage.directory / "blobs" / _DIGEST[:2] / _DIGEST).write_bytes(b"hell")  # damaged, then healed
        assert (await plain.ask("api", "PUT", path, content=b"hello")).status_code == 201
        assert (await plain.ask("api", "GET", path)).content == b"hello"
        assert not list((storage.directory / "incoming").iterdir())

    asyncio.run(play())


def test_an_empty_blob_and_one_of_unknown_length(storage: StorageProcess, plain: PlainHttp) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 100_000

    async def play() -> None:
        empty = hashlib.sha256(b"").hexdigest()
        assert (await plain.ask("api", "PUT", f"/v1/blobs/{empty}", content=b"")).json()["size"] == 0
        long = hashlib.sha256(b"x" * 4_000_000).hexdigest()
        answer = await plain.ask("worker", "PUT", f"/v1/blobs/{long}", content=chunks())
        assert (answer.status_code, answer.json()["size"]) == (201, 4_000_000)

    asyncio.run(play())


def _unfinished_put(storage: StorageProcess, promised: int) -> socket.socket:
    """A connection on which the head of an upload and 5 bytes of its body were sent."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(20)
    connection.connect(storage.address.removeprefix("unix:"))
    head = f"PUT /v1/blobs/{_DIGEST} HTTP/1.1\r\nHost: x\r\nContent-Length: {promised}\r\n"
    connection.sendall(f"{head}Authorization: Bearer {storage.tokens['api']}\r\n\r\nhello".encode())
    return connection


def test_a_blob_that_promises_too_much_is_refused_before_it_comes(storage: StorageProcess) -> None:
    with _unfinished_put(storage, BLOB_LIMIT + 1) as connection:
        assert b" 413 " in connection.recv(4096)


def test_an_upload_that_breaks_off_leaves_nothing(storage: StorageProcess, plain: PlainHttp) -> None:
    incoming = storage.directory / "incoming"
    with _unfinished_put(storage, 1000):
        wait_until(lambda: any(incoming.iterdir()), "the upload begins")
    wait_until(lambda: not any(incoming.iterdir()), "it is cleared away")
    assert asyncio.run(plain.ask("api", "GET", f"/v1/blobs/{_DIGEST}")).status_code == 404


def test_names_that_are_no_site_never_reach_the_disk(storage: StorageProcess, plain: PlainHttp) -> None:
    async def play() -> None:
        for name in ("Bakery", "a--b", "-a", "a" * 41, "a%0A", "..", "%2e%2e", "a%2Fb", "a.b", "%00"):
            assert (await plain.ask("worker", "GET", f"/v1/sites/{name}")).status_code in (404, 422)
            claim = await plain.ask("worker", "POST", f"/v1/sites/{name}/claims", json={"fence": 1, "holder": "w"})
            assert claim.status_code in (404, 422)

    asyncio.run(play())
    assert not list((storage.directory / "sites").iterdir())


def test_bad_pages_are_refused(plain: PlainHttp) -> None:
    async def play() -> None:
        for query in ("limit=0", "limit=1001", "limit=x", "before=0", "before=x", "before=9e9"):
            answer = await plain.ask("api", "GET", f"/v1/sites/bakery/versions?{query}")
            assert answer.status_code == 422 and answer.json()["hint"], query

    asyncio.run(play())


def test_a_commit_must_follow_the_newest_version(storage: StorageProcess, plain: PlainHttp) -> None:
    """I1: numbers without gaps and repeats, a parent that exists, a stamp that grows, and blobs that are here."""

    async def play() -> None:
        async with storage.client() as worker:
            await fill_site(worker, 2)
            artifact, public = await put_version_blobs(worker, 3)
        good = signed_manifest(3, artifact=artifact, public=public)

        async def status(header: str = "1", **change: object) -> int:
            content = manifest_bytes(good.model_copy(update=change))
            path = "/v1/sites/bakery/versions"
            return (await plain.ask("worker", "POST", path, content=content, headers={"Fence": header})).status_code

        for change in ({"number": 4}, {"number": 2}, {"parent": 3}, {"stamp": 1002}):
            assert await status(**change) == 409, change
        for missing in (artifact.model_copy(update={"sha256": _DIGEST}), artifact.model_copy(update={"size": 1})):
            assert await status(artifact=missing) == 409
            assert await status(public=missing) == 409
        for unfit in ({"signature": None}, {"fence": 2}, {"header": "2"}, {"header": "x"}, {"site": "butcher"}):
            assert await status(**unfit) == 422, unfit
        assert await status(header="2", fence=2) == 412
        assert await status() == 201
        assert await status() == 200

    asyncio.run(play())


def test_the_stored_bytes_are_the_bytes_that_were_sent(storage: StorageProcess, plain: PlainHttp) -> None:
    async def play() -> None:
        async with storage.client() as worker:
            await worker.announce("bakery", 1, "w")
            artifact, public = await put_version_blobs(worker, 1)
        manifest = signed_manifest(1, artifact=artifact, public=public)
        sent = b" \n" + manifest_bytes(manifest).replace(b",", b" ,\n", 3) + b"\n\n"
        path = "/v1/sites/bakery/versions"
        answer = await plain.ask("worker", "POST", path, content=sent, headers={"Fence": "1"})
        assert (answer.status_code, answer.content) == (201, sent)
        assert (await plain.ask("deployer", "GET", f"{path}/1")).content == sent
        assert (await plain.ask("deployer", "GET", f"/v1/sites/bakery/jobs/{manifest.job}")).content == sent
        storage.kill()
        storage.start()
        assert (await plain.ask("deployer", "GET", f"{path}/1")).content == sent

    asyncio.run(play())


def test_a_job_takes_effect_once_whatever_comes_later(storage: StorageProcess) -> None:
    """I3: a re-run, under a later fence and with other content, gets the version that the job made."""

    async def play() -> None:
        job = new_id()
        async with storage.client() as worker:
            await worker.announce("bakery", 1, "worker-1")
            first = await commit_version(worker, 1, job=job)
            await worker.announce("bakery", 2, "worker-2")
            assert await commit_version(worker, 2, fence=2, job=job) == first
            second = await commit_version(worker, 2, fence=2)
            assert await commit_version(worker, 3, fence=2, job=job) == first
            storage.kill()
            storage.start()
            assert await worker.version_of_job("bakery", job) == first
            assert await worker.version_of_job("bakery", second.job) == second

    asyncio.run(play())


def test_sites_are_listed_by_name_in_pages(storage: StorageProcess) -> None:
    async def play() -> None:
        names = ["a", "a-b", "ab", "b1", "z"]
        async with storage.client() as worker:
            for name in reversed(names):
                await worker.announce(name, 1, "w")
            for restart in (False, True):
                if restart:
                    storage.kill()
                    storage.start()
                page, after = await worker.sites(limit=3)
                rest, last = await worker.sites(after or "", limit=3)
                assert ([head.site for head in page], after) == (names[:3], "ab")
                assert ([head.site for head in rest], last) == (names[3:], None)
            assert (await worker.head("never-seen")).latest is None

    asyncio.run(play())


def test_storage_tells_how_it_is(storage: StorageProcess) -> None:
    async def play() -> None:
        async with storage.client() as worker, storage.client("api") as api:
            assert (await api.status()).sites == 0
            await fill_site(worker, 1)
            told = await api.status()
        disk = shutil.disk_usage(storage.directory)
        assert (told.release, told.sites, told.disk_size_bytes, told.backup_at) == (RELEASE, 1, disk.total, None)
        assert abs(told.disk_free_bytes - disk.free) < 1 << 30

    asyncio.run(play())


def test_storage_tells_the_newest_backups_time(storage: StorageProcess) -> None:
    folder = storage.base / "backups"
    for name in ("20260101T000000Z", "20260228T041500Z", ".20260301T041500Z.partial"):
        (folder / name).mkdir(parents=True)
    storage.stop()
    storage.environment["PAGEWRIGHT_STORAGE_BACKUPS"] = str(folder)
    storage.start()

    async def play() -> None:
        async with storage.client("api") as api:
            assert (await api.status()).backup_at == datetime(2026, 2, 28, 4, 15, tzinfo=UTC)

    asyncio.run(play())
