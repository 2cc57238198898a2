"""The real api daemon with a SQLite file, a Redis and a storage of its own, talked to over HTTP like anybody would."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from daemons.api.accounts.accounts import Accounts
from daemons.api.accounts.credentials import Credentials
from daemons.api.database.connection import open_database
from tests.support.daemon_process import DaemonProcess, run_module, short_directory
from tests.support.redis_server import RedisServer
from tests.support.storage_process import StorageProcess

PUBLIC_URL = "http://app.test"
SITES_URL = "http://{host}.sites.test"


class ApiProcess(DaemonProcess):
    """The daemon's process; its database outlives it until the test's end. `probe_addresses` are the web hosts'."""

    def __init__(
        self,
        base: Path,
        redis_url: str,
        storage: StorageProcess,
        *,
        probe_addresses: str,
        database_url: str | None = None,
        mail_url: str | None = None,
    ) -> None:
        mail = {"API_MAIL_URL": mail_url, "API_MAIL_FROM": "PageWright <pw@app.test>"} if mail_url else {}
        super().__init__(
            "api",
            base,
            API_LISTEN=f"unix:{base}/api.sock",
            API_DATABASE_URL=database_url or f"sqlite:///{base}/api.sqlite",
            API_PUBLIC_URL=PUBLIC_URL,
            API_SITES_URL=SITES_URL,
            API_PROBE_ADDRESSES=probe_addresses,
            API_UPLOAD_BYTES=str(1 << 20),
            REDIS_URL=redis_url,
            STORAGE_ADDRESS=storage.address,
            STORAGE_API_TOKEN=storage.tokens["api"],
            MODEL_ADDRESS=f"unix:{base}/model.sock",
            MODEL_TICKET_KEY="ticket-key-for-tests",
            **mail,
        )
        self.address = f"unix:{base}/api.sock"
        self._clients: list[httpx.Client] = []
        self._first_admin: httpx.Client | None = None

    def operator(self, *arguments: str) -> str:
        """What an operator's command prints; raises CalledProcessError if it fails."""
        done = run_module("daemons.api.accounts.operator_command", *arguments, environment=self.environment)
        done.check_returncode()
        return done.stdout.removesuffix("\n")

    def client(self, token: str | None = None, **options: object) -> httpx.Client:
        """A client whose paths are relative to `/api/v1/`, with an API token."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        # No request goes into a connection that the server is about to close: it does after 5 seconds.
        limits = httpx.Limits(keepalive_expiry=3)
        transport = httpx.HTTPTransport(uds=self.address.removeprefix("unix:"), limits=limits)
        client = httpx.Client(
            transport=transport,
            base_url=f"{PUBLIC_URL}/api/v1/",
            headers=headers,
            timeout=30,
            trust_env=False,
            **options,
        )
        self._clients.append(client)
        return client

    def close_clients(self) -> None:
        """Close every connection that `client` opened."""
        for client in self._clients:
            client.close()

    def admin(self, path: str) -> httpx.Response:
        """What the daemon's own address answers: `/readyz`, `/metrics`."""
        with httpx.Client(transport=httpx.HTTPTransport(uds=self.admin_address.removeprefix("unix:"))) as client:
            return client.get(f"http://admin{path}")

    def user(self, email: str, *, admin: bool = False) -> httpx.Client:
        """A client of a new user with a token of theirs."""
        link = self._administrator().post("users", json={"email": email, "admin": admin}).json()["sign_in_link"]
        browser = self.browser()
        assert browser.post("session", json={"sign_in_token": link.rpartition("/")[2]}).status_code == 204
        return self.client(browser.post("tokens", json={"name": "tests"}).json()["token"])

    def sign_in_link(self, email: str) -> str:
        """A new link of a user's."""
        return str(self._administrator().post("sign-in-links", json={"email": email}).json()["sign_in_link"])

    def _administrator(self) -> httpx.Client:
        """The first user, made as the operator's command makes one but without a process of its own."""
        if self._first_admin is None:
            self._first_admin = self.client(asyncio.run(self._first_token()))
        return self._first_admin

    async def _first_token(self) -> str:
        async with open_database(self.environment["PAGEWRIGHT_API_DATABASE_URL"]) as database:
            credentials = Credentials(database)
            account = await Accounts(database, credentials, PUBLIC_URL).add("first@example.org", admin=True, by="tests")
            return (await credentials.create_token(account.id, "tests", by="tests")).token

    def browser(self) -> httpx.Client:
        """A client that sends what a browser does from a page of ours, and keeps cookies."""
        client = self.client()
        client.headers["Sec-Fetch-Site"] = "same-origin"
        return client


def job_events(text: str) -> list[tuple[str, str, dict]]:
    """(id, event, data) of each event in the text of an event stream."""
    events = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "id" in fields:
            events.append((fields["id"], fields["event"], json.loads(fields["data"])))
    return events


@contextmanager
def running_api(
    redis_url: str,
    storage: StorageProcess,
    *,
    probe_addresses: str,
    database_url: str | None = None,
    mail_url: str | None = None,
) -> Iterator[ApiProcess]:
    """An api daemon until the block ends."""
    with short_directory() as base:
        process = ApiProcess(
            base, redis_url, storage, probe_addresses=probe_addresses, database_url=database_url, mail_url=mail_url
        )
        try:
            process.start()
            yield process
        finally:
            process.close_clients()
            process.kill()


@pytest.fixture
def api(redis_server: RedisServer, storage: StorageProcess) -> Iterator[ApiProcess]:
    """An api of the test's own, with a Redis and a storage that the test may kill; nobody serves its sites."""
    with running_api(redis_server.url, storage, probe_addresses="127.0.0.1:1") as process:
        yield process
