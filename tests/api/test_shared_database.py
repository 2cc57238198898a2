"""Two apis on one database, of either kind, and one Redis: what one was told the other knows, nothing is done twice."""

import secrets
import shutil
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.api.tiny_worker import TinyWorker
from tests.support.api_process import ApiProcess, job_events, running_api
from tests.support.postgresql import new_database
from tests.support.redis_server import RedisServer
from tests.support.storage_process import running_storage
from tests.support.waiting import wait_until


@dataclass
class Pair:
    """Two apis, a worker, and ana at each of them."""

    apis: tuple[ApiProcess, ApiProcess]
    worker: TinyWorker
    anas: tuple[httpx.Client, httpx.Client]
    redis: RedisServer

    def queued_site(self) -> tuple[str, str]:
        """A new site and the job that makes it."""
        name = f"s{secrets.token_hex(6)}"
        made = self.anas[0].post("sites", json={"name": name, "title": "A site", "template": "personal-page"})
        return name, made.json()["job"]["id"]

    def await_end(self, *jobs: str) -> None:
        """Until either api knows how these jobs ended."""
        for ana in self.anas:
            for job in jobs:
                wait_until(lambda ana=ana, job=job: ana.get(f"jobs/{job}").json()["finished_at"], f"{job} ends")

    def logged(self, text: str) -> int:
        return sum(api.log.read_text().count(text) for api in self.apis)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    folder = Path(tempfile.mkdtemp(prefix="pw"))
    with ExitStack() as ends:
        ends.callback(shutil.rmtree, folder)
        database = new_database(request, request.param, folder / "shared.sqlite")
        redis = RedisServer(folder, durable=True)
        ends.callback(redis.kill)
        storage = ends.enter_context(running_storage())
        first, second = (
            ends.enter_context(running_api(redis.url, storage, probe_addresses="127.0.0.1:1", database_url=database))
            for _ in range(2)
        )
        ana = first.user("ana@example.org")
        same = second.client(ana.headers["Authorization"].removeprefix("Bearer "))
        yield Pair((first, second), TinyWorker(redis.url, storage), (ana, same), redis)


def test_both_keep_the_books_and_an_answer_is_said_once(pair: Pair) -> None:
    """I3: also when the queue lost its memory, and both give it back what it lost."""
    name, created = pair.queued_site()
    pair.worker.work()
    pair.await_end(created)
    before = pair.logged("the job ended")
    jobs = [pair.anas[n % 2].post(f"sites/{name}/jobs", json={"message": f"edit {n}"}).json()["id"] for n in range(6)]
    pair.redis.command("FLUSHALL")
    done: list[str] = []
    wait_until(lambda: done.extend(pair.worker.work()) or len(done) == len(jobs), "the queue has the edits again")
    assert sorted(done) == sorted(jobs)
    pair.await_end(*jobs)
    said = [message["text"] for message in pair.anas[1].get(f"sites/{name}/messages").json()["items"]]
    assert sorted(text for text in said if text.startswith("Done: edit")) == [f"Done: edit {n}" for n in range(6)]
    assert pair.logged("the job ended") - before == len(jobs)


def test_a_key_is_used_once_at_all_apis(pair: Pair) -> None:
    name, _ = pair.queued_site()
    key = {"Idempotency-Key": secrets.token_hex(8)}

    def ask(n: int) -> httpx.Response:
        return pair.anas[n % 2].post(f"sites/{name}/jobs", json={"message": "once"}, headers=key)

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(ask, range(10)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    messages = [job["message"] for job in pair.anas[0].get("jobs", params={"site": name}).json()["items"]]
    assert messages.count("once") == 1


def test_guesses_are_counted_together(pair: Pair) -> None:
    """Whoever nginx sends to the other api gets no ten attempts more."""
    body = {"email": "nobody@example.org", "password": "wrong horse battery"}
    browsers = [api.browser() for api in pair.apis]
    asked = [browsers[n % 2].post("session", json=body, headers={"X-Forwarded-For": "10.1.0.1"}) for n in range(12)]
    assert [answer.status_code for answer in asked] == [401] * 10 + [429] * 2


def test_live_events_come_from_either_api_and_go_on_at_the_other(pair: Pair) -> None:
    name, created = pair.queued_site()
    pair.worker.work()
    pair.await_end(created)
    job = pair.anas[0].post(f"sites/{name}/jobs", json={"message": "Make it blue."}).json()["id"]
    texts: dict[int, str] = {}
    watchers = [
        threading.Thread(target=lambda n=n: texts.update({n: pair.anas[n].get(f"jobs/{job}/events").text}))
        for n in range(2)
    ]
    for watcher in watchers:
        watcher.start()
    pair.worker.work()
    for watcher in watchers:
        watcher.join(30)
    live = job_events(texts[0])
    assert [kind for _, kind, _ in live] == ["queued", "running", "progress", "final"]
    assert job_events(texts[1]) == live
    resumed = pair.anas[1].get(f"jobs/{job}/events", headers={"Last-Event-ID": live[1][0]})
    assert job_events(resumed.text) == live[2:]


def test_who_signs_out_at_one_is_signed_out_at_the_other(pair: Pair) -> None:
    link = pair.apis[0].sign_in_link("ana@example.org").rpartition("/")[2]
    browsers = [api.browser() for api in pair.apis]
    assert browsers[0].post("session", json={"sign_in_token": link}).status_code == 204
    assert browsers[1].post("session", json={"sign_in_token": link}).status_code == 401
    browsers[1].cookies = browsers[0].cookies
    assert browsers[1].get("me").json()["email"] == "ana@example.org"
    assert browsers[0].delete("session").status_code == 204
    assert browsers[1].get("me").status_code == 401
