"""What a page costs the api in processor time: the page of a site with many versions, and a list of 60 sites.

python -m bench.page_cost [--versions 40] [--times 200]. Real daemons, real nginx; the clock is the process's own, so
that other work on the machine changes little.
"""

import argparse
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench.stack import running_stack
from tests.support.api_process import PUBLIC_URL, ApiProcess
from tests.support.waiting import wait_until

_SITES = 60
_WORDS = "bread oven stone flour early morning butter crust opening hours corner street menu soup price".split()
_WAITING = 15  # fewer than may wait for one site


@contextmanager
def filled_api(versions: int, pictures: Mapping[str, bytes] | None = None) -> Iterator[tuple[ApiProcess, httpx.Client]]:
    """An api and ana's browser; her site `s0` has so many versions, the others one each, with these pictures."""
    with running_stack() as stack:
        api, ana, worker = stack.api, stack.ana, stack.worker
        worker.pictures = pictures or worker.pictures
        for number in range(_SITES):
            new = {"name": f"s{number}", "title": f"Site {number}", "template": "small-business"}
            ana.post("sites", json=new).raise_for_status()
        worker.work()
        for number in range(1, versions):
            ana.post("sites/s0/jobs", json={"message": _message(number)}).raise_for_status()
            if number % _WAITING == 0 or number == versions - 1:
                worker.work()
                wait_until(lambda: _ended(ana), "the jobs are recorded")
        ana.post("sites/s0/deployments", json={"slot": "current", "version": versions}).raise_for_status()
        yield api, signed_in(api, "ana@example.org")


def signed_in(api: ApiProcess, email: str) -> httpx.Client:
    """A browser in which this user is signed in."""
    browser = api.browser()
    token = api.sign_in_link(email).rpartition("/")[2]
    browser.post("session", json={"sign_in_token": token}).raise_for_status()
    return browser


def _message(number: int) -> str:
    """Words in an order of their own: the same sentence forty times would weigh as much as one."""
    words = (_WORDS[(number * 7 + step * (number % 11 + 1)) % len(_WORDS)] for step in range(14))
    return f"Change number {number}: {' '.join(words)}."


def _ended(client: httpx.Client) -> bool:
    return all(job["finished_at"] for job in client.get("jobs?site=s0&limit=100").json()["items"])


def cpu_of(api: ApiProcess, client: httpx.Client, path: str, times: int) -> tuple[float, float]:
    """Milliseconds of the api's processor time, and of the clock, for one answer."""
    for _ in range(10):
        client.get(f"{PUBLIC_URL}{path}").raise_for_status()
    begun, started = _seconds(api), time.perf_counter()
    for _ in range(times):
        client.get(f"{PUBLIC_URL}{path}").raise_for_status()
    return (_seconds(api) - begun) / times * 1000, (time.perf_counter() - started) / times * 1000


def _seconds(api: ApiProcess) -> float:
    fields = Path(f"/proc/{api.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print a line for each page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--versions", type=int, default=40)
    parser.add_argument("--times", type=int, default=200)
    arguments = parser.parse_args()
    with filled_api(arguments.versions) as (api, browser):
        pages = {
            f"site with {arguments.versions} versions": "/sites/s0",
            "its changing parts": "/sites/s0/live?have=1",
            "site with one version": "/sites/s1",
            "list of 60 sites": "/sites",
            "list of 60 sites, JSON": "/api/v1/sites?limit=60",
        }
        for name, path in pages.items():
            cpu, wall = cpu_of(api, browser, path, arguments.times)
            print(f"{name}: {cpu:.1f} ms of processor time, {wall:.1f} ms")


if __name__ == "__main__":
    main()
