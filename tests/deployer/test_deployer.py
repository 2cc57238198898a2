"""The deployer between a real storage and a real nginx: what visitors see (I5, I6)."""

import asyncio
import gzip
import json
import shutil
import threading
from contextlib import closing
from http.client import HTTPException
from pathlib import Path

from daemons.storage.verify import verify_directory
from shared.domain.vocabulary import Slot
from tests.support.deployer_process import DeployerProcess, Publisher
from tests.support.manifests import TRUSTED_KEYS
from tests.support.storage_process import StorageProcess
from tests.support.waiting import wait_until
from tests.support.web_server import WebServer, ask

_PATHS = ("/", "/style.css", "/docs/", "/docs/deep/page.html")


def _site(text: str) -> dict[str, bytes]:
    """Files that all say the same text, long enough to be sent in several pieces."""
    names = ("index.html", "style.css", "docs/index.html", "docs/deep/page.html")
    return {name: text.encode() * 8000 for name in names}


def test_each_view_shows_its_version(deployer: DeployerProcess, publisher: Publisher, web_server: WebServer) -> None:
    for slot, text in ((Slot.CURRENT, b"one"), (Slot.PREVIEW, b"two")):
        publisher.publish("bakery", {"index.html": text}, slot)
    publisher.commit("bakery", {"index.html": b"three"})
    deployer.start()
    wait_until(lambda: web_server.get("v3--bakery").status == 200, "version 3")
    views = {view: web_server.get(f"{view}bakery").body for view in ("", "preview--", "v1--", "v2--", "v3--")}
    assert views == {"": b"one", "preview--": b"two", "v1--": b"one", "v2--": b"two", "v3--": b"three"}
    live = web_server.get("preview--bakery", "/.well-known/pagewright.json")
    said = json.loads(live.body)
    assert (said["site"], said["version"], live.headers["cache-control"]) == ("bakery", 2, "no-store")
    assert said["manifest"] == publisher.digest("bakery", 2), "which version it is, not only its number"
    assert deployer.stop() == 0


class _Visitors:
    """Keep-alive clients that ask until stopped and remember every answer that is not one whole version."""

    def __init__(self, server: WebServer, expected: set[bytes], count: int = 3) -> None:
        self._server, self._expected = server, expected
        self._stopped = threading.Event()
        self.requests, self.faults = 0, list[object]()
        self._threads = [threading.Thread(target=self._visit) for _ in range(count)]

    def _visit(self) -> None:
        with closing(self._server.connect()) as connection:
            while not self._stopped.is_set():
                for path in _PATHS:
                    try:
                        answer = ask(connection, "bakery", path)
                    except (OSError, HTTPException) as error:
                        self.faults.append((path, error))
                        return
                    if answer.status != 200 or answer.body not in self._expected:
                        self.faults.append((path, answer.status, answer.body[:40]))
                    self.requests += 1
                    self._stopped.wait(0.002)  # leave the machine some time to promote

    def __enter__(self) -> "_Visitors":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()


async def _promote_often(storage: StorageProcess, deployer: DeployerProcess, versions: list[int], count: int) -> None:
    async with storage.client("api") as client:
        for number in range(count):
            version = versions[number % len(versions)]
            await client.deploy("bakery", Slot.CURRENT, version, "ana")
            while deployer.shows("bakery", Slot.CURRENT) != version:
                await asyncio.sleep(0.001)


def test_i5_visitors_see_one_whole_version_while_it_is_switched(
    storage: StorageProcess, deployer: DeployerProcess, publisher: Publisher, web_server: WebServer
) -> None:
    """I5: hundreds of promotions under load, and no error, no mix, no dropped connection."""
    versions = [publisher.publish("bakery", _site(text)) for text in "abc"]
    deployer.start()
    deployer.wait_for("bakery", Slot.CURRENT, 3)
    with _Visitors(web_server, {letter * 8000 for letter in (b"a", b"b", b"c")}) as visitors:
        asyncio.run(_promote_often(storage, deployer, versions, 250))
        wait_until(lambda: visitors.requests > 3000 or visitors.faults, "3000 requests")
    assert visitors.faults == []


def test_i5_a_download_survives_the_end_of_its_version(
    deployer: DeployerProcess, publisher: Publisher, web_server: WebServer
) -> None:
    """I5: who is in the middle of a file gets the rest of the same file."""
    deployer.environment["PAGEWRIGHT_DEPLOYER_KEEP_RELEASES"] = "1"
    deployer.environment["PAGEWRIGHT_DEPLOYER_COMPARE_SECONDS"] = "0.2"
    film = b"1" * (12 << 20)
    publisher.publish("bakery", {"index.html": b"1", "film.mp4": film})
    deployer.start()
    deployer.wait_for("bakery", Slot.CURRENT, 1)
    connection = web_server.connect()
    connection.request("GET", "/film.mp4", headers={"Host": "bakery.sites.test"})
    response = connection.getresponse()
    start = response.read(1000)
    for text in (b"2", b"3"):  # the release before stays for those who have its pages open
        version = publisher.publish("bakery", {"index.html": text, "film.mp4": text * len(film)})
        deployer.wait_for("bakery", Slot.CURRENT, version)
    wait_until(lambda: not (deployer.root / "bakery/releases/1").exists(), "release 1 removed")
    assert start + response.read() == film
    connection.close()


def test_i6_a_changed_file_is_never_answered_304(
    deployer: DeployerProcess, publisher: Publisher, web_server: WebServer
) -> None:
    """I6: edits of equal length and rollbacks get new ETags; a file that stayed the same keeps its own."""
    same = b"the same"
    deployer.start()
    tags = []
    for version, text in enumerate((b"aaaa", b"bbbb", b"aaaa"), 1):
        publisher.publish("bakery", {"index.html": text, "same.css": same})
        deployer.wait_for("bakery", Slot.CURRENT, version)
        answer = web_server.get("bakery", headers={"If-None-Match": tags[-1]} if tags else {})
        assert (answer.status, answer.body) == (200, text)
        tags.append(answer.headers["etag"])
    assert len(set(tags)) == 3
    publisher.deploy("bakery", Slot.CURRENT, 2)
    deployer.wait_for("bakery", Slot.CURRENT, 2)
    assert web_server.get("bakery", headers={"If-None-Match": tags[2]}).body == b"bbbb"
    assert web_server.get("bakery", headers={"If-None-Match": tags[1]}).status == 304
    stamp = web_server.get("v1--bakery", "/same.css").headers
    for condition in ({"If-None-Match": stamp["etag"]}, {"If-Modified-Since": stamp["last-modified"]}):
        assert web_server.get("v3--bakery", "/same.css", condition).status == 304


def test_i6_compressed_answers_are_the_same_page(
    deployer: DeployerProcess, publisher: Publisher, web_server: WebServer
) -> None:
    """I6: the compressed twin of a page follows it, with an ETag of its own."""
    deployer.start()
    tags = set()
    for version, text in enumerate((b"a" * 5000, b"b" * 5000), 1):
        publisher.publish("bakery", {"index.html": text})
        deployer.wait_for("bakery", Slot.CURRENT, version)
        answer = web_server.get("bakery", headers={"Accept-Encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"
        assert gzip.decompress(answer.body) == text
        assert web_server.get("bakery").body == text
        tags |= {answer.headers["etag"], web_server.get("bakery").headers["etag"]}
    assert len(tags) == 4


def test_i6_a_version_from_before_the_worker_left_twins_out_is_deployed_and_verified(
    storage: StorageProcess, deployer: DeployerProcess, publisher: Publisher, web_server: WebServer
) -> None:
    """I6: each of its files is served as it is, no twin of ours is in its way, and no file is shown for another."""
    page, other = b"<p>page</p>" * 400, gzip.compress(b"<p>another page</p>")
    old = {
        "index.html": page,
        "index.html.gz": gzip.compress(page),
        "index.html.br": b"no brotli",
        "about.html": page,
        "about.html.gz/deep/x.txt": b"x",
        "lone.html.gz": other,
        "lone.html.br": other,
        "lone.html.gz.gz": gzip.compress(other),
        "book.txt.gz": other,
    }
    publisher.publish("bakery", old)
    deployer.start()
    deployer.wait_for("bakery", Slot.CURRENT, 1)
    for path, data in old.items():
        assert web_server.get("bakery", f"/{path}").body == data
    for path in ("", "index.html", "about", "about.html"):
        answer = web_server.get("bakery", f"/{path}", {"Accept-Encoding": "gzip, br"})
        is_packed = answer.headers.get("content-encoding") == "gzip"
        assert (gzip.decompress(answer.body) if is_packed else answer.body) == page
    for path in ("lone.html", "lone", "book.txt"):
        assert web_server.get("bakery", f"/{path}", {"Accept-Encoding": "gzip, br"}).status == 404
    assert verify_directory(storage.directory, TRUSTED_KEYS) == []
    publisher.publish("bakery", {"index.html": b"new"})
    deployer.wait_for("bakery", Slot.CURRENT, 2)
    publisher.deploy("bakery", Slot.CURRENT, 1)
    deployer.wait_for("bakery", Slot.CURRENT, 1)
    assert web_server.get("bakery").body == page


def _times(root: Path) -> dict[str, int]:
    files = root.glob("*/releases/**/*")
    return {str(file.relative_to(root)): file.stat().st_mtime_ns for file in files if file.is_file()}


def test_an_empty_host_is_rebuilt_from_storage(
    deployer: DeployerProcess, publisher: Publisher, web_server: WebServer
) -> None:
    for site in ("bakery", "lawyer"):
        publisher.publish(site, _site(site))
        publisher.publish(site, _site(site.upper()), Slot.PREVIEW)
    deployer.start()
    for site in ("bakery", "lawyer"):
        deployer.wait_for(site, Slot.PREVIEW, 2)
        deployer.wait_for(site, Slot.CURRENT, 1)
    before = _times(deployer.root)
    assert deployer.stop() == 0
    shutil.rmtree(deployer.root / "bakery")
    shutil.rmtree(deployer.root / "lawyer")
    deployer.start()
    wait_until(lambda: _times(deployer.root) == before, "the same files with the same times")
    assert web_server.get("lawyer").body == b"lawyer" * 8000


def test_what_is_served_stays_while_storage_is_away(
    storage: StorageProcess, deployer: DeployerProcess, publisher: Publisher, web_server: WebServer
) -> None:
    publisher.publish("bakery", {"index.html": b"one"})
    deployer.start()
    deployer.wait_for("bakery", Slot.CURRENT, 1)
    storage.kill()
    assert web_server.get("bakery").body == b"one"
    deployer.stop()
    deployer.start()
    assert web_server.get("bakery").body == b"one"
    storage.start()
    publisher.publish("bakery", {"index.html": b"two"})
    deployer.wait_for("bakery", Slot.CURRENT, 2)


def test_old_releases_go_and_shown_ones_stay(deployer: DeployerProcess, publisher: Publisher) -> None:
    deployer.environment["PAGEWRIGHT_DEPLOYER_KEEP_RELEASES"] = "2"
    deployer.start()
    publisher.publish("bakery", {"index.html": b"1"})
    for number in range(2, 7):
        publisher.publish("bakery", {"index.html": b"%d" % number}, Slot.PREVIEW)
        deployer.wait_for("bakery", Slot.PREVIEW, number)
    releases = deployer.root / "bakery/releases"
    wait_until(lambda: {path.name for path in releases.iterdir()} == {"1", "5", "6"}, "only 1, 5 and 6 left")
    assert deployer.shows("bakery", Slot.CURRENT) == 1
