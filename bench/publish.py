"""Publishing and rolling back through the API, until a visitor has the bytes: real daemons, real nginx, one web host.

python -m bench.publish [--times 200]. Beside it, what the disk takes for what no publication can do without: the record
as storage writes it, then the switch as the deployer makes it.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench.stack import running_stack
from daemons.storage.durable import create_file
from shared.runtime.directory_sync import sync_directory
from tests.support.web_server import WebServer, ask

_SITE = "bakery"


@contextmanager
def published_site() -> Iterator[tuple[httpx.Client, WebServer]]:
    """Ana's API client and nginx, and her site of two versions, both of which the web host has got."""
    with running_stack() as stack:
        ana, web = stack.ana, stack.web
        ana.post("sites", json={"name": _SITE, "title": "Bakery", "template": "small-business"}).raise_for_status()
        ana.post(f"sites/{_SITE}/jobs", json={"message": "second"}).raise_for_status()
        stack.worker.work()
        yield ana, web


def publish_times(ana: httpx.Client, web: WebServer, times: int) -> tuple[list[float], list[float]]:
    """Milliseconds until the API answered, and until a visitor had the bytes; 1 and 2 take turns."""
    answered, seen = [], []
    visitor = web.connect()
    for number in range(times + 4):
        version = number % 2 + 1
        started = time.perf_counter()
        answer = ana.post(f"sites/{_SITE}/deployments", json={"slot": "current", "version": version})
        assert answer.status_code == 201, answer.text
        told = time.perf_counter()
        assert (b"second" in ask(visitor, _SITE).body) == (version == 2), "a visitor has another version"
        if number >= 4:  # the first ones write the releases
            answered.append((told - started) * 1000)
            seen.append((time.perf_counter() - started) * 1000)
    return answered, seen


def disk_times(folder: Path, times: int) -> list[float]:
    """Milliseconds of the disk for one publication: a small durable file, then a durable symlink."""
    took = []
    for number in range(times):
        started = time.perf_counter()
        create_file(folder / str(number), b"x" * 600, folder)
        (beside := folder / ".next").symlink_to(str(number))
        beside.replace(folder / "current")
        sync_directory(folder)
        took.append((time.perf_counter() - started) * 1000)
    return took


def _told(name: str, milliseconds: list[float]) -> str:
    cuts = statistics.quantiles(milliseconds, n=20)
    return f"{name}: p10 {cuts[1]:.1f} ms, p50 {cuts[9]:.1f} ms, p95 {cuts[18]:.1f} ms"


def main() -> None:
    """Print p50 and p95."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200)
    times = parser.parse_args().times
    with published_site() as (ana, web):
        answered, seen = publish_times(ana, web, times)
    print(_told("answered", answered), "·", _told("a visitor has the bytes", seen))
    with tempfile.TemporaryDirectory(prefix="pw") as folder:
        print(_told("of that the disk, at least", disk_times(Path(folder), times)))


if __name__ == "__main__":
    main()
