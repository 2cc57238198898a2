"""A site that is taken down, with real storage, deployer and nginx: nobody gets any of it, and it comes back whole."""

import shutil

from shared.domain.vocabulary import Slot
from tests.support.deployer_process import DeployerProcess, Publisher
from tests.support.storage_process import StorageProcess
from tests.support.waiting import wait_until
from tests.support.web_server import Answer, WebServer

# Such as a page that is open asks for; the release before answers it for a day after a publication.
_SCRIPT = {"Sec-Fetch-Mode": "no-cors"}


def _answers(web: WebServer) -> dict[str, int]:
    paths = ("/", "/about", "/old.js", "/new.js", "/.well-known/pagewright.json")
    return {path: web.get("bakery", path, _SCRIPT).status for path in paths}


def _home(web: WebServer) -> Answer:
    return web.get("bakery")


def test_visitors_get_nothing_until_it_is_published_again(
    deployer: DeployerProcess, publisher: Publisher, storage: StorageProcess, web_server: WebServer
) -> None:
    """Also of the release before, after a restart, and from a host that is built anew; the old views stay."""
    publisher.publish("bakery", {"index.html": b"one", "old.js": b"1", "404.html": b"own"})
    deployer.start()
    wait_until(lambda: _home(web_server).body == b"one", "version 1 is live")
    publisher.publish("bakery", {"index.html": b"two", "about.html": b"us", "new.js": b"2"})
    wait_until(lambda: _home(web_server).body == b"two", "version 2 is live")
    assert _answers(web_server)["/old.js"] == 200, "an open page of version 1 still loads it"
    publisher.deploy("bakery", Slot.PREVIEW, 2)
    deployer.wait_for("bakery", Slot.PREVIEW, 2)
    publisher.take_down("bakery")
    wait_until(lambda: _home(web_server).status == 404, "nothing is live")
    assert set(_answers(web_server).values()) == {404}
    assert _home(web_server).body == b"There is no such page here.\n"
    views = {view: web_server.get(f"{view}--bakery").body for view in ("preview", "v1", "v2")}
    assert views == {"preview": b"two", "v1": b"one", "v2": b"two"}
    assert deployer.stop() == 0
    shutil.rmtree(web_server.sites / "bakery")
    deployer.start()
    deployer.wait_for("bakery", Slot.PREVIEW, 2)
    wait_until(lambda: deployer.ask_admin("/readyz")[0] == 200, "everything was compared")
    assert "pagewright_sites_behind 0.0" in deployer.ask_admin("/metrics")[1]
    assert set(_answers(web_server).values()) == {404}
    publisher.deploy("bakery", Slot.CURRENT, 2)
    wait_until(lambda: _home(web_server).body == b"two", "version 2 is live again")
    assert _answers(web_server)["/old.js"] == 404, "what visitors see now follows on nothing"


def test_a_host_that_was_away_takes_it_down_when_it_is_back(
    deployer: DeployerProcess, publisher: Publisher, web_server: WebServer
) -> None:
    publisher.publish("bakery", {"index.html": b"one"})
    deployer.start()
    deployer.wait_for("bakery", Slot.CURRENT, 1)
    assert deployer.stop() == 0
    publisher.take_down("bakery")
    assert _home(web_server).status == 200
    deployer.start()
    wait_until(lambda: _home(web_server).status == 404, "nothing is live")
