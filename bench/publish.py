"""Publishing and rolling back through the API, until a visitor has the bytes: real daemons, real nginx, one web host.

python -m bench.publish [--times 200]
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from tests.api.tiny_worker import TinyWorker
from tests.support.api_process import running_api
from tests.support.deployer_process import deployer_for
from tests.support.redis_server import RedisServer
from tests.support.storage_process import running_storage
from tests.support.web_server import WebServer, ask, running_web_server

_SITE = "bakery"


@contextmanager
def published_site() -> Iterator[tuple[httpx.Client, WebServer]]:
    """Ana's API client and nginx, and her site of two versions, both of which the web host has got."""
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="pw")))
        (sites := folder / "sites").mkdir()
        redis = RedisServer(folder)
        ends.callback(redis.kill)
        storage = ends.enter_context(running_storage())
        web = ends.enter_context(running_web_server(sites))
        deployer = ends.enter_context(deployer_for(storage, web))
        api = ends.enter_context(running_api(redis.url, storage, probe_addresses=web.address))
        ana = api.user("ana@example.org")
        ana.post("sites", json={"name": _SITE, "title": "Bakery", "template": "small-business"}).raise_for_status()
        ana.post(f"sites/{_SITE}/jobs", json={"message": "second"}).raise_for_status()
        TinyWorker(redis.url, storage).work()
        deployer.start()
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


if __name__ == "__main__":
    main()
