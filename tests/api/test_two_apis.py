"""Two apis on one database, one Redis and one storage, behind a real nginx: one restarts, and nobody notices."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.support.api_process import ApiProcess, running_api
from tests.support.redis_server import RedisServer
from tests.support.storage_process import StorageProcess
from tests.support.web_server import WebServer, running_web_server

_RESTARTS = 4
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
        (tmp_path / "sites").mkdir()
        web = ends.enter_context(running_web_server(tmp_path / "sites", [first.address, second.address]))
        first.operator("add-user", "ana@example.org")
        yield Pair((first, second), web, first.operator("create-token", "ana@example.org", "--name", "load"))


class Load:
    """Visitors who read, and visitors who make sites, until they are told to stop; keeps every status."""

    def __init__(self, pair: Pair) -> None:
        self.read: list[int] = []
        self.made: list[int] = []
        self.faults: list[Exception] = []
        self._pair = pair
        self._stop = threading.Event()
        self._numbers = itertools.count(1)
        work = [self._read] * 4 + [self._make] * 4
        self._threads = [threading.Thread(target=self._run, args=(one,)) for one in work]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(90)

    def wait_for_more(self, made: int) -> None:
        """Until so many more sites have been made."""
        deadline, wanted = time.monotonic() + 60, len(self.made) + made
        while len(self.made) < wanted:
            assert time.monotonic() < deadline and not self.faults, self.faults
            time.sleep(0.01)

    def _run(self, work: Callable[[httpx.Client], None]) -> None:
        with self._pair.visitor() as client:
            while not self._stop.is_set():
                try:
                    work(client)
                except Exception as error:
                    self.faults.append(error)

    def _read(self, client: httpx.Client) -> None:
        self.read.append(client.get("sites", params={"limit": 1}).status_code)

    def _make(self, client: httpx.Client) -> None:
        site = {"name": f"s{next(self._numbers)}", "title": "A site", "template": "personal-page"}
        self.made.append(client.post("sites", json=site).status_code)


def names_of_sites(client: httpx.Client) -> list[str]:
    names, cursor = [], None
    while True:
        page = client.get("sites", params={"limit": 100} | ({"cursor": cursor} if cursor else {})).json()
        names += [site["name"] for site in page["items"]]
        if not (cursor := page["next"]):
            return names


def test_a_rolling_restart_fails_nothing_and_does_nothing_twice(pair: Pair) -> None:
    """A POST that reached an api is answered by it; one that did not goes to the other."""
    with Load(pair) as load:
        for api in pair.apis * (_RESTARTS // 2):
            load.wait_for_more(20)
            assert api.stop() == 0
            load.wait_for_more(20)  # by the other one alone
            api.start()
            time.sleep(_PASSED_OVER_SECONDS)
    assert load.faults == []
    assert set(load.read) == {200}, (pair.web.directory / "error.log").read_text()
    assert set(load.made) == {201}, "409: made twice"
    with pair.visitor() as client:
        names = names_of_sites(client)
        actions = client.get("jobs", params={"limit": 100}).json()
    assert len(names) == len(set(names)) == len(load.made)
    assert actions["items"]


def test_readers_do_not_notice_that_an_api_is_killed(pair: Pair) -> None:
    with Load(pair) as load:
        for _ in range(3):
            load.wait_for_more(10)
            pair.apis[0].kill()
            load.wait_for_more(10)
            pair.apis[0].start()
    assert load.faults == []
    assert set(load.read) == {200}
    assert set(load.made) <= {201, 502}, "502: it may have been done, so nginx did not ask the other"
