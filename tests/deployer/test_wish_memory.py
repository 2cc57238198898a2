"""The versions that somebody looks at, in a deployer's memory; and what it does with them."""

import asyncio

from daemons.deployer.wish_memory import WishMemory
from shared.domain.vocabulary import Slot, WishedVersion
from tests.support.deployer_process import DeployerProcess, Publisher
from tests.support.storage_process import StorageProcess
from tests.support.web_server import WebServer


def test_they_are_kept_as_long_as_storage_said_last() -> None:
    now = 0.0
    wished = WishMemory(lambda: now)
    assert wished.add([WishedVersion(site="bakery", version=3, seconds=10)]) == {"bakery"}
    now = 8
    wished.add([WishedVersion(site="bakery", version=3, seconds=10), WishedVersion(site="zoo", version=1, seconds=2)])
    assert (wished.of("bakery"), wished.of("zoo"), wished.of("other")) == ({3}, {1}, set())
    now = 11
    assert wished.forget_outdated() == {"zoo"}
    assert (wished.of("bakery"), wished.of("zoo")) == ({3}, set())
    now = 18
    assert wished.of("bakery") == set()
    assert wished.forget_outdated() == {"bakery"}
    assert wished.forget_outdated() == set()


def test_an_old_version_is_made_when_it_is_wished_for(
    storage: StorageProcess, publisher: Publisher, deployer: DeployerProcess, web_server: WebServer
) -> None:
    for number in range(1, 9):
        publisher.commit("bakery", {"index.html": b"%d" % number, "about.html": b"about %d" % number})
    publisher.deploy("bakery", Slot.CURRENT, 8)
    deployer.start()
    deployer.wait_for("bakery", Slot.CURRENT, 8)
    assert web_server.get("v1--bakery").status == 404

    async def wish() -> None:
        async with storage.client("api") as api:
            await api.wish("bakery", 1, is_missing=True)

    asyncio.run(wish())
    deployer.wait_for_release("bakery", 1)
    assert web_server.get("v1--bakery", "/about").body == b"about 1"
    publisher.publish("bakery", {"index.html": b"9"})
    deployer.wait_for("bakery", Slot.CURRENT, 9)
    assert web_server.get("v1--bakery", "/about").body == b"about 1", "somebody looks at it"
