"""The daemons that a bench of the api needs: Redis, storage, nginx, a deployer and the api, all real."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.api.tiny_worker import TinyWorker
from tests.support.api_process import ApiProcess, running_api
from tests.support.deployer_process import deployer_for
from tests.support.redis_server import RedisServer
from tests.support.storage_process import running_storage
from tests.support.web_server import WebServer, running_web_server


@dataclass(frozen=True)
class Stack:
    """What runs: the api with ana's client, the worker that does what is queued when told, and the web host."""

    api: ApiProcess
    ana: httpx.Client
    worker: TinyWorker
    web: WebServer


@contextmanager
def running_stack() -> Iterator[Stack]:
    """Everything started, with one web host; it ends with the block."""
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="pw")))
        (sites := folder / "sites").mkdir()
        redis = RedisServer(folder)
        ends.callback(redis.kill)
        storage = ends.enter_context(running_storage())
        web = ends.enter_context(running_web_server(sites))
        ends.enter_context(deployer_for(storage, web)).start()
        api = ends.enter_context(running_api(redis.url, storage, probe_addresses=web.address))
        yield Stack(api, api.user("ana@example.org"), TinyWorker(redis.url, storage), web)
