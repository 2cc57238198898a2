"""Two apis on one database, one Redis and one storage, behind a real nginx: one restarts, and nobody notices.

One listens at a file, as on a single host, the other at a port, as on hosts of a fleet.
"""

import itertools
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.support.api_process import ApiProcess, running_api
from tests.support.load import Load, running_load
from tests.support.redis_server import RedisServer
from tests.support.storage_process import StorageProcess
from tests.support.web_server import WebServer, running_web_server

_RESTARTS = 4
_KILLS = 3
_PASSED_OVER_SECONDS = 2.1  # fail_timeout=1s, and nginx counts whole seconds


@dataclass
class Pair:
    """Two apis, the nginx before them, and a user's token."""

    apis: tuple[ApiProcess, ApiProcess]
    web: WebServer
    token: str

    def visitor(self) -> httpx.Client:
        """A client that comes through nginx, each request by a connection of its own."""
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self.web.app_port}/api/v1/",
            headers={"Host": "app.test", "Authorization": f"Bearer {self.token}", "Connection": "close"},
            timeout=60,
            trust_env=False,
        )


@pytest.fixture
def pair(redis_server: RedisServer, storage: StorageProcess, tmp_path: Path) -> Iterator[Pair]:
    with ExitStack() as ends:
        database = f"sqlite:///{tmp_path}/shared.sqlite"
        first, second = (
            ends.enter_context(
                running_api(redis_server.url, storage, probe_addresses="127.0.0.1:1", database_url=database)
            )
            for _ in range(2)
        )
        listen_at_a_port(second)
        (tmp_path / "sites").mkdir()
        web = ends.enter_context(running_web_server(tmp_path / "sites", [first.address, second.address]))
        token = first.user("ana@example.org").headers["Authorization"].removeprefix("Bearer ")
        yield Pair((first, second), web, token)


def listen_at_a_port(api: ApiProcess) -> None:
    """As on a host of a fleet: unlike a file, a port can't be taken away before it is closed."""
    assert api.stop() == 0
    with socket.create_server(("127.0.0.1", 0)) as free:
        api.address = f"127.0.0.1:{free.getsockname()[1]}"
    api.environment["PAGEWRIGHT_API_LISTEN"] = api.address
    api.start()


def names_of_sites(client: httpx.Client) -> list[str]:
    names, cursor = [], None
    while True:
        page = client.get("sites", params={"limit": 100} | ({"cursor": cursor} if cursor else {})).json()
        names += [site["name"] for site in page["items"]]
        if not (cursor := page["next"]):
            return names


def status(ask: Callable[[], httpx.Response]) -> int | None:
    """The status of an answer; None if it was cut off after its head, with which nginx can ask nobody else."""
    try:
        return ask().status_code
    except httpx.RemoteProtocolError as error:
        if "without sending complete message body" not in str(error):
            raise
        return None


@contextmanager
def readers_and_makers(pair: Pair, *, keyed: bool = False) -> Iterator[tuple[Load, Load]]:
    """Four users who read and four who make sites, all the time; each answer is its status."""
    numbers = itertools.count(1)

    def read() -> int | None:
        return status(lambda: client.get("sites", params={"limit": 1}))

    def make() -> int | None:
        site = {"name": f"s{next(numbers)}", "title": "A site", "template": "personal-page"}
        key = {"Idempotency-Key": uuid4().hex} if keyed else {}
        return status(lambda: client.post("sites", json=site, headers=key))

    with pair.visitor() as client, running_load(*[read] * 4) as readers, running_load(*[make] * 4) as makers:
        yield readers, makers


def test_a_rolling_restart_fails_nothing_and_does_nothing_twice(pair: Pair) -> None:
    """A POST that reached an api is answered by it; one that did not, or has a key, goes to the other."""
    with readers_and_makers(pair, keyed=True) as (readers, makers):
        for api in pair.apis * (_RESTARTS // 2):
            makers.wait_for_more(20)
            assert api.stop() == 0
            makers.wait_for_more(20)  # by the other one alone
            api.start()
            time.sleep(_PASSED_OVER_SECONDS)
    assert readers.faults == makers.faults == []
    assert set(readers.answers) == {200}, (pair.web.directory / "error.log").read_text()
    assert set(makers.answers) == {201}, "409: made twice"
    with pair.visitor() as client:
        names = names_of_sites(client)
        actions = client.get("jobs", params={"limit": 100}).json()
    assert len(names) == len(set(names)) == len(makers.answers)
    assert actions["items"]


def test_readers_do_not_notice_that_an_api_is_killed(pair: Pair) -> None:
    with readers_and_makers(pair) as (readers, makers):
        for _ in range(_KILLS):
            makers.wait_for_more(10)
            pair.apis[0].kill()
            makers.wait_for_more(10)
            pair.apis[0].start()
    assert readers.faults == makers.faults == []
    assert set(readers.answers) <= {200, None}
    assert set(makers.answers) <= {201, 503, None}, "503: it may have been done, so nginx did not ask the other"
    cut = [answer for answer in (*readers.answers, *makers.answers) if answer is None]
    assert len(cut) <= _KILLS, "an api is within one answer at most when it is killed"
