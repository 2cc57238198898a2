"""A storage that lies, stammers or falls silent: what is served stays, and other sites go on (I5, I6, I11)."""

import asyncio
import hashlib
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daemons.deployer.releasing import Releaser
from daemons.deployer.site_directory import SiteDirectory
from shared.clients.storage import StorageClient
from shared.domain.archive import pack
from shared.domain.errors import Unavailable
from shared.domain.vocabulary import Slot
from tests.support.deployer_process import DeployerProcess, Publisher
from tests.support.manifests import TRUSTED_LINE
from tests.support.storage_process import StorageProcess
from tests.support.waiting import wait_until
from tests.support.web_server import WebServer

_PAGE = {"index.html": b"fine"}
Answer = Callable[[bytes], bytes]


class HostileStorage(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Stands before a real storage and changes its answers to requests whose first line holds a text; None: silence."""

    daemon_threads = True

    def __init__(self, storage: StorageProcess) -> None:
        self.upstream = storage.address.removeprefix("unix:")
        self.path = f"{storage.base}/hostile.sock"
        self.changes: dict[bytes, Answer | None] = {}
        self.without_asking: dict[bytes, bytes] = {}
        self.requests: list[bytes] = []
        self.tells_news = True
        self.stopped = threading.Event()
        super().__init__(self.path, _Conversation)

    def count(self, text: bytes) -> int:
        """How many requests for this there were."""
        return sum(text in line for line in self.requests)


class _Conversation(socketserver.StreamRequestHandler):
    server: HostileStorage

    def handle(self) -> None:
        """One request, whose answer ends the connection; nothing that a deployer asks has a body."""
        lines = list(iter(self.rfile.readline, b"\r\n"))
        if not lines or b"" in lines:
            return
        self.server.requests.append(lines[0])
        for text, answer in self.server.without_asking.items():
            if text in lines[0]:
                self.wfile.write(answer)
                return
        kept = [line for line in lines if not line.lower().startswith(b"connection:")]
        with socket.socket(socket.AF_UNIX) as upstream:
            upstream.connect(self.server.upstream)
            if not self.server.tells_news:  # as storage of the release before
                kept[0] = kept[0].replace(b"news=1", b"news=0")
            upstream.sendall(b"".join(kept) + b"Connection: close\r\n\r\n")
            answer = upstream.makefile("rb").read()
        for text, change in self.server.changes.items():
            if text in lines[0]:
                if change is None:
                    self.server.stopped.wait()
                    return
                answer = change(answer)
        self.wfile.write(answer)


@pytest.fixture
def hostile(storage: StorageProcess, deployer: DeployerProcess) -> Iterator[HostileStorage]:
    """The deployer asks this one."""
    with HostileStorage(storage) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        deployer.environment["PAGEWRIGHT_STORAGE_ADDRESS"] = f"unix:{server.path}"
        yield server
        deployer.kill()
        server.stopped.set()
        server.shutdown()
        thread.join()


def _cut(answer: bytes) -> bytes:
    """The connection ends before all was sent."""
    return answer[:-5]


def _other_bytes(answer: bytes) -> bytes:
    return answer[:-5] + b"other"


def _fail(_: bytes) -> bytes:
    return b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def _no_json(_: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n<p>hi"


_SECOND = {"index.html": b"second"}
_ARTIFACT = hashlib.sha256(pack({}, _SECOND)).hexdigest().encode()


@pytest.mark.parametrize(
    ("harm", "where", "told"),
    [
        (_cut, _ARTIFACT, b""),
        (_other_bytes, _ARTIFACT, b"A stored file is damaged."),
        (_fail, _ARTIFACT, b"reason"),
        (_fail, b"/sites/bad/versions/2", b"reason"),
        (_fail, b"/sites/bad HTTP", b"reason"),
        (_no_json, b"/sites/bad HTTP", b"Storage answered something unexpected."),
    ],
    ids=["cut artifact", "other artifact", "no artifact", "no manifest", "no site", "no JSON"],
)
def test_i11_what_is_served_stays_and_others_go_on(
    hostile: HostileStorage, deployer: DeployerProcess, publisher: Publisher, web_server: WebServer,
    harm: Answer, where: bytes, told: bytes,
) -> None:  # fmt: skip
    """What is known is told at once; what never came is not known, and the site counts as behind."""
    deployer.environment["PAGEWRIGHT_DEPLOYER_COMPARE_SECONDS"] = "0.2"
    hostile.tells_news = not where.endswith(b"HTTP")  # else the site is not asked for
    deployer.start()
    for site in ("bad", "good"):
        publisher.publish(site, _PAGE)
        deployer.wait_for(site, Slot.CURRENT, 1)
    hostile.changes[where] = harm
    publisher.publish("bad", _SECOND)
    wait_until(lambda: "pagewright_sites_behind 1.0" in deployer.ask_admin("/metrics")[1], "counted")
    wait_until(lambda: told in web_server.get("bad", "/.well-known/pagewright-trouble.json").body, "told")
    publisher.publish("good", {"index.html": b"goes on"})
    deployer.wait_for("good", Slot.CURRENT, 2)
    assert (web_server.get("bad").body, web_server.get("good").body) == (b"fine", b"goes on")
    assert b'"version":1' in web_server.get("bad", "/.well-known/pagewright.json").body
    hostile.changes.clear()
    deployer.wait_for("bad", Slot.CURRENT, 2)
    wait_until(lambda: web_server.get("bad", "/.well-known/pagewright-trouble.json").status == 404, "it is over")


@pytest.mark.parametrize("silent", [_ARTIFACT, b"/versions/1"], ids=["artifact", "manifest"])
def test_i11_a_version_that_storage_never_sends_gives_its_turn_to_others(
    hostile: HostileStorage, storage: StorageProcess, publisher: Publisher, tmp_path: Path, silent: bytes
) -> None:
    """Three of them, where two releases are made at once."""
    for site in ("a", "b", "c"):
        publisher.publish(site, _SECOND)
    publisher.publish("good", _PAGE)
    publisher.publish("good", _PAGE)
    hostile.changes[silent] = None
    trusted = tmp_path / "keys"
    trusted.write_text(TRUSTED_LINE)

    async def play() -> list[object]:
        async with StorageClient(f"unix:{hostile.path}", storage.tokens["deployer"]) as client:
            releaser = Releaser(client, tmp_path, trusted, answer_seconds=0.3)
            sites = [("a", 1), ("b", 1), ("c", 1), ("good", 2)]
            releases = [releaser.release(SiteDirectory(tmp_path, site), site, n, anew=False) for site, n in sites]
            async with asyncio.timeout(20):
                return list(await asyncio.gather(*releases, return_exceptions=True))

    *silenced, good = asyncio.run(play())
    assert good is None
    assert all(isinstance(error, Unavailable) and "in time" in error.detail for error in silenced)
    assert [path.parent.parent.name for path in tmp_path.glob("*/releases/*")] == ["good"]


def test_a_feed_that_repeats_itself_makes_nobody_busy(
    hostile: HostileStorage, deployer: DeployerProcess, publisher: Publisher
) -> None:
    """The same old news, at once and for ever: each is looked at without haste, and what is new is still found."""
    deployer.environment["PAGEWRIGHT_DEPLOYER_COMPARE_SECONDS"] = "0.2"
    deployer.start()
    publisher.publish("good", _PAGE)
    deployer.wait_for("good", Slot.CURRENT, 1)
    body = b'{"cursor":"old-1","sites":["good"],"reset":false}'
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
    hostile.without_asking[b"/v1/changes"] = head + b"%d\r\n\r\n" % len(body) + body
    publisher.publish("good", _SECOND)  # wakes who waits for news
    deployer.wait_for("good", Slot.CURRENT, 2)
    begun, before = time.monotonic(), hostile.count(b"/v1/changes")
    publisher.publish("good", _PAGE)
    deployer.wait_for("good", Slot.CURRENT, 3)
    wait_until(lambda: time.monotonic() - begun > 1, "a second has passed")
    assert hostile.count(b"/v1/changes") - before <= 6 * (time.monotonic() - begun) + 1
