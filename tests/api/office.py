"""An office: a system with one site, a real deployer and web server behind its api, and a browser of its owner's."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import httpx
from playwright.sync_api import Browser, FrameLocator, Page, expect

from shared.clients.job_queue import Claim, JobQueue
from shared.domain.vocabulary import JobState, Outcome, Phase, Progress
from tests.api.tiny_worker import TinyWorker
from tests.support.api_process import PUBLIC_URL, ApiProcess, running_api
from tests.support.browser import BrowserThread
from tests.support.deployer_process import DeployerProcess, deployer_for
from tests.support.redis_server import RedisServer
from tests.support.storage_process import running_storage
from tests.support.waiting import wait_until
from tests.support.web_server import WebServer, running_web_server

T = TypeVar("T")
SITE = f"{PUBLIC_URL}/sites/bakery"
LONG = 60_000


@dataclass
class Office:
    """A system with the site `bakery` of ana's at version 1, and her browser."""

    api: ApiProcess
    ana: httpx.Client
    worker: TinyWorker
    redis: RedisServer
    web: WebServer
    deployer: DeployerProcess
    browser: BrowserThread

    def visit(
        self, play: Callable[[Page, "Office"], None], email: str = "ana@example.org", refused: str | None = None
    ) -> None:
        """Play with a page of a browser that is signed in; nothing may go wrong but for what the policy `refused`."""
        link = self.api.sign_in_link(email)
        hosts = f"MAP app.test:80 127.0.0.1:{self.web.app_port}, MAP *.sites.test:80 127.0.0.1:{self.web.port}"

        def with_browser(browser: Browser) -> None:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.set_default_timeout(LONG)
            faults: list[str] = []
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on(
                "console", lambda message: faults.append(message.text) if _is_fault(message.text, refused) else None
            )
            page.goto(link)
            page.get_by_role("button", name="Continue to PageWright").click()
            page.get_by_role("heading", name="Sites").wait_for()
            play(page, self)
            assert not faults, faults

        expect.set_options(timeout=LONG)
        self.browser(with_browser, [f"--host-resolver-rules={hosts}"])

    def work(self) -> None:
        """Do what is queued, until SQL knows; the browser's thread has an event loop already."""
        elsewhere(self.worker.work)
        wait_until(self._is_recorded, "all jobs have ended")

    def _is_recorded(self) -> bool:
        """Until SQL knows of an end, the end that is told is the present moment."""
        first, again = ([job["finished_at"] for job in self.ana.get("jobs").json()["items"]] for _ in range(2))
        return all(again) and first == again

    def hold(self) -> "Held":
        """Claim the next job as a worker that takes its time."""
        return Held(self.redis.url, elsewhere(lambda: asyncio.run(_claim(self.redis.url))))


@dataclass
class Held:
    """A job in the hands of a slow worker."""

    redis_url: str
    claim: Claim

    def tell(self, text: str) -> None:
        elsewhere(lambda: asyncio.run(_tell(self.redis_url, self.claim, text)))

    def cancel(self) -> None:
        elsewhere(lambda: asyncio.run(_finish(self.redis_url, self.claim, Outcome(state=JobState.CANCELLED))))


def _is_fault(text: str, refused: str | None) -> bool:
    return "Content Security" in text and not (refused and refused in text)


def framed(page: Page) -> FrameLocator:
    """The page of the site that is in view: it stands in a frame within our own."""
    return page.frame_locator("#preview iframe:not(.coming)").frame_locator("iframe")


def elsewhere(work: Callable[[], T]) -> T:
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(work).result()


async def _claim(redis_url: str) -> Claim:
    async with JobQueue.open(redis_url) as queue:
        claim = await queue.claim("slow", 120, 30)
        assert claim
        return claim


async def _tell(redis_url: str, claim: Claim, text: str) -> None:
    async with JobQueue.open(redis_url) as queue:
        assert await queue.progress(claim, Progress(phase=Phase.EDITING, text=text))


async def _finish(redis_url: str, claim: Claim, outcome: Outcome) -> None:
    async with JobQueue.open(redis_url) as queue:
        assert await queue.finish(claim, outcome)


@contextmanager
def opened_office(directory: Path, browser: BrowserThread) -> Iterator[Office]:
    """An office whose site has version 1, released."""
    sites = directory / "sites"
    sites.mkdir(parents=True)
    with ExitStack() as stack:
        redis = RedisServer(Path(stack.enter_context(TemporaryDirectory(prefix="pw"))))
        stack.callback(redis.kill)
        storage, web = stack.enter_context(running_storage()), stack.enter_context(running_web_server(sites))
        deployer = stack.enter_context(deployer_for(storage, web))
        api = stack.enter_context(running_api(redis.url, storage, probe_addresses=web.address))
        web.api_socket.symlink_to(api.address.removeprefix("unix:"))
        ana, worker = api.user("ana@example.org"), TinyWorker(redis.url, storage)
        ana.post("sites", json={"name": "bakery", "title": "Bakery", "template": "small-business"})
        deployer.start()
        office = Office(api, ana, worker, redis, web, deployer, browser)
        office.work()
        deployer.wait_for_release("bakery", 1)
        yield office
