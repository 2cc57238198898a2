"""200 people ask for their lists of sites for half a minute: what each is answered, and how soon it is quiet again.

python -m bench.site_lists [--people 200] [--seconds 30] [--sites 60] [--versions 1]

Before and after the crowd one person asks alone, beside a SELECT of the same rows, and the api's processor time is
told, which other work on the machine changes little. `--people 0` leaves the crowd out.
"""

import argparse
import asyncio
import sqlite3
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx

from bench.page_cost import cpu_of
from tests.support.api_process import PUBLIC_URL, ApiProcess, running_api
from tests.support.manifests import fill_site
from tests.support.redis_server import RedisServer
from tests.support.storage_process import StorageProcess, running_storage

_TIMES = 100
_SELECT = """
SELECT sites.*, users.email, sites.name IN (SELECT site FROM jobs WHERE state IN ('queued', 'running'))
FROM sites JOIN users ON users.id = sites.owner_id ORDER BY sites.changed_at DESC, sites.name DESC
"""


async def _ask(address: str, headers: dict[str, str], until: float, answers: Counter[int], took: list[float]) -> None:
    """One person, who asks again as soon as there is an answer; a refused one comes again when told to."""
    transport = httpx.AsyncHTTPTransport(verify=False, uds=address.removeprefix("unix:"))
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL, headers=headers, timeout=60) as client:
        while time.monotonic() < until:
            started = time.monotonic()
            answer = await client.get("/api/v1/sites?limit=60")
            answers[answer.status_code] += 1
            took.append(time.monotonic() - started)
            await asyncio.sleep(float(answer.headers.get("retry-after", 0)))


async def crowd(
    api: ApiProcess, headers: dict[str, str], people: int, seconds: float
) -> tuple[Counter[int], list[float]]:
    """What they were answered, and how long each answer took."""
    answers: Counter[int] = Counter()
    took: list[float] = []
    until = time.monotonic() + seconds
    await asyncio.gather(*(_ask(api.address, headers, until, answers, took) for _ in range(people)))
    return answers, took


def main() -> None:
    """Print the answers, and how long one takes before, within, and after the crowd."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--sites", type=int, default=60)
    parser.add_argument("--versions", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pw") as folder, running_storage() as storage:
        redis = RedisServer(Path(folder))
        try:
            with running_api(redis.url, storage, probe_addresses="127.0.0.1:1") as api:
                ana = api.user("ana@example.org")
                _fill(ana, storage, arguments.sites, arguments.versions)
                _print_alone(api, ana)
                if not arguments.people:
                    return
                headers = {"Authorization": ana.headers["Authorization"]}
                answers, took = asyncio.run(crowd(api, headers, arguments.people, arguments.seconds))
                ended = time.monotonic()
                rate = sum(answers.values()) / arguments.seconds
                p50, p95 = statistics.median(took), statistics.quantiles(took, n=20)[-1]
                print(f"answers {dict(answers)}, {rate:.0f} a second, p50 {p50:.2f} s, p95 {p95:.2f} s")
                for _ in range(3):
                    print(f"after: {_once(ana)}, {time.monotonic() - ended:.2f} s after the crowd")
        finally:
            redis.kill()


async def _commit(storage: StorageProcess, names: Sequence[str], versions: int) -> None:
    async with storage.client() as worker:
        for name in names:
            await fill_site(worker, versions, site=name)


def _fill(ana: httpx.Client, storage: StorageProcess, sites: int, versions: int) -> None:
    """So many sites with so many versions each."""
    names = [f"s{number}" for number in range(sites)]
    for name in names:
        ana.post("sites", json={"name": name, "title": "A site", "template": "personal-page"}).raise_for_status()
    asyncio.run(_commit(storage, names, versions))


def _print_alone(api: ApiProcess, ana: httpx.Client) -> None:
    """How long lists take, and a SELECT of all rows in the same file: in turn, so that other work harms all alike."""
    browser = api.browser()
    token = api.sign_in_link("ana@example.org").rpartition("/")[2]
    browser.post("session", json={"sign_in_token": token}).raise_for_status()
    file = api.environment["PAGEWRIGHT_API_DATABASE_URL"].removeprefix("sqlite:///")
    with sqlite3.connect(file) as rows:
        timed = {
            "SELECT of all rows": lambda: rows.execute(_SELECT).fetchall(),
            "200 at once, JSON": lambda: ana.get("sites?limit=200&sort=changed").raise_for_status(),
            "200 at once, HTML": lambda: browser.get(f"{PUBLIC_URL}/sites?show=200").raise_for_status(),
            "first page, HTML": lambda: browser.get(f"{PUBLIC_URL}/sites").raise_for_status(),
        }
        took: dict[str, list[float]] = {name: [] for name in timed}
        for _ in range(_TIMES):
            for name, work in timed.items():
                took[name].append(_milliseconds(work))
        for name, times in took.items():
            times.sort()
            print(f"{name}: p50 {times[_TIMES // 2]:.2f} ms, p95 {times[_TIMES * 95 // 100]:.2f} ms")
    for path in ("/api/v1/sites?limit=200&sort=changed", "/sites?show=200", "/sites"):
        print(f"{path}: {cpu_of(api, browser, path, _TIMES)[0]:.1f} ms of the api's processor time")


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _once(client: httpx.Client) -> str:
    started = time.monotonic()
    client.get("sites?limit=60").raise_for_status()
    return f"{(time.monotonic() - started) * 1000:.0f} ms"


if __name__ == "__main__":
    main()
