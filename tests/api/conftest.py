"""One running api for all tests that leave it running, with three users, and sites whose names nobody else uses."""

import io
import secrets
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.api.tiny_worker import TinyWorker
from tests.support.api_process import ApiProcess, running_api
from tests.support.mail_server import MailServer, running_mail_server
from tests.support.redis_server import RedisServer
from tests.support.storage_process import StorageProcess, running_storage
from tests.support.waiting import wait_until


@dataclass
class World:
    """A running system without workers and web hosts, and clients of its users; `root` is an administrator."""

    api: ApiProcess
    storage: StorageProcess
    worker: TinyWorker
    ana: httpx.Client
    ben: httpx.Client
    root: httpx.Client
    mail: MailServer

    def wait(self, job: str, client: httpx.Client | None = None) -> dict:
        """The job once it has ended and SQL knows."""
        ask = client or self.ana

        def recorded() -> dict | None:
            """Until SQL knows, the end that is told is the present moment."""
            first, again = (ask.get(f"jobs/{job}").json() for _ in range(2))
            return again if again["finished_at"] and again["finished_at"] == first["finished_at"] else None

        return wait_until(recorded, f"job {job} ends")

    def work(self, site: str) -> None:
        """Let the worker do what is queued, until SQL knows how the site's newest job ended."""
        self.worker.work()
        self.wait(self.ana.get("jobs", params={"site": site}).json()["items"][0]["id"])

    def queued_site(self) -> str:
        """A site of ana's whose creation is queued."""
        name = f"s{secrets.token_hex(6)}"
        answer = self.ana.post("sites", json={"name": name, "title": "A site", "template": "personal-page"})
        assert answer.status_code == 201, answer.text
        return name

    def site(self, *messages: str) -> str:
        """A site of ana's with one version, and one more for each message."""
        name = self.queued_site()
        for message in messages:
            self.ana.post(f"sites/{name}/jobs", json={"message": message})
        self.worker.work()
        for job in self.ana.get("jobs", params={"site": name}).json()["items"]:
            self.wait(job["id"])
        return name


def problem(answer: httpx.Response, status: int) -> dict:
    """The problem in an answer, which has every part of our error shape."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    fields = answer.json()
    assert set(fields) == {"type", "title", "status", "detail", "hint"}
    assert fields["status"] == status
    assert fields["detail"]
    assert fields["hint"]
    return fields


def archive() -> bytes:
    """A site of one page, as somebody uploads it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        info = tarfile.TarInfo("index.html")
        info.size = 5
        tar.addfile(info, io.BytesIO(b"hello"))
    return buffer.getvalue()


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    directory = Path(tempfile.mkdtemp(prefix="pw"))
    redis = RedisServer(directory)
    try:
        with (
            running_storage() as storage,
            running_mail_server() as mail,
            running_api(
                redis.url, storage, probe_addresses="127.0.0.1:1", mail_url=f"smtp://127.0.0.1:{mail.port}"
            ) as api,
        ):
            worker = TinyWorker(redis.url, storage)
            users = [api.user("ana@example.org"), api.user("ben@example.org"), api.user("root@example.org", admin=True)]
            yield World(api, storage, worker, *users, mail)
    finally:
        redis.kill()
        shutil.rmtree(directory)


@pytest.fixture
def watcher(world: World) -> httpx.Client:
    """A browser in which ana is signed in; she watches jobs nowhere else."""
    link = world.api.sign_in_link("ana@example.org")
    browser = world.api.browser()
    assert browser.post("session", json={"sign_in_token": link.rpartition("/")[2]}).status_code == 204
    return browser
