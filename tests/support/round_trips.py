"""Counts what a request asks of SQL, Redis and storage: the api's application in this process, the others outside."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TypeVar

import httpx
from redis import Redis
from sqlalchemy import Engine, event

from daemons.api.app import build_app
from daemons.api.services import Services, open_services
from shared.runtime.settings import ApiSettings
from tests.support.api_process import PUBLIC_URL, SITES_URL
from tests.support.storage_process import StorageProcess

T = TypeVar("T")

# What storage answered, apart from the question how much that was.
_REQUESTS = re.compile(r'^pagewright_http_requests_total\{.*route="(?!scrape)(\w+)".*\} (\S+)$', re.MULTILINE)


@dataclass(frozen=True)
class RoundTrips:
    """How often each part was asked."""

    sql: int
    redis: int
    storage: int


class CountedApi:
    """The application, and how much a request asked; `services` are for what a test sets up."""

    def __init__(self, services: Services, storage: StorageProcess, redis_url: str) -> None:
        self.services = services
        self._storage = storage
        self._redis_url = redis_url
        transport = httpx.ASGITransport(build_app(services))
        self.client = httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL)

    async def get(self, path: str) -> tuple[httpx.Response, RoundTrips]:
        """The answer and what it took; this request asks alone."""
        before = self.storage_requests().total()
        answer, sql, redis = await self._counted("GET", path)
        return answer, RoundTrips(sql, redis, self.storage_requests().total() - before)

    async def post(self, path: str, body: object) -> tuple[httpx.Response, int, int, Counter[str]]:
        """The answer, SQL statements, Redis calls, and what storage was asked meanwhile by anybody, by route."""
        before = self.storage_requests()
        answer, sql, redis = await self._counted("POST", path, json=body, headers={"Sec-Fetch-Site": "same-origin"})
        return answer, sql, redis, self.storage_requests() - before

    async def asked_by(self, work: Awaitable[object]) -> RoundTrips:
        """What some work of the services took, which works alone."""
        before = self.storage_requests().total()
        _, sql, redis = await self._counting(work)
        return RoundTrips(sql, redis, self.storage_requests().total() - before)

    async def _counted(self, method: str, path: str, **options: object) -> tuple[httpx.Response, int, int]:
        return await self._counting(self.client.request(method, path, **options))

    async def _counting(self, work: Awaitable[T]) -> tuple[T, int, int]:
        with statements() as asked, Redis.from_url(self._redis_url).monitor() as commands:
            answer = await work
            with Redis.from_url(self._redis_url) as redis:
                redis.echo("counted")
            return answer, len(asked), _until_counted(commands.listen())

    def storage_requests(self) -> Counter[str]:
        """How often each route of storage has answered."""
        return storage_requests(self._storage)


def storage_requests(storage: StorageProcess) -> Counter[str]:
    """How often each route of storage has answered."""
    transport = httpx.HTTPTransport(uds=storage.admin_address.removeprefix("unix:"))
    with httpx.Client(transport=transport) as client:
        told = client.get("http://admin/metrics").text
    counts: Counter[str] = Counter()
    for route, count in re.findall(_REQUESTS, told):
        counts[route] += int(float(count))
    return counts


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that any connection of this process executes, those around transactions too."""
    asked: list[str] = []

    def note(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def _until_counted(commands: Iterator[dict]) -> int:
    """Commands that a client sent, without those that a script sends and those that only open a connection."""
    count = 0
    for command in commands:
        if command["command"] == "ECHO counted":
            return count
        opens = command["command"].split()[0] in ("CLIENT", "HELLO", "AUTH", "SELECT")
        count += command["client_type"] != "lua" and not opens
    raise AssertionError("Redis ended first")


@asynccontextmanager
async def counted_api(
    redis_url: str, storage: StorageProcess, database_url: str, web_host: str = "127.0.0.1:1"
) -> AsyncIterator[CountedApi]:
    """The application with a database of its own; nothing else runs in it."""
    settings = ApiSettings(
        api_listen="unix:/nowhere",
        api_admin_listen="unix:/nowhere",
        api_database_url=database_url,
        api_public_url=PUBLIC_URL,
        api_sites_url=SITES_URL,
        api_probe_addresses=web_host,
        redis_url=redis_url,
        storage_address=storage.address,
        storage_api_token=storage.tokens["api"],
        model_address="unix:/nowhere",
        model_ticket_key="ticket-key-for-tests",
    )
    async with open_services(settings) as services:
        yield CountedApi(services, storage, redis_url)
