"""A storage that was put back by hand is noticed, told and not followed; its new versions are no old ones (I6, I10)."""

import shutil
from datetime import UTC, datetime

import pytest

from daemons.deployer.confirmation import confirm
from daemons.deployer.memory import asked_since, is_news, is_older
from shared.domain.errors import NotFound
from shared.domain.vocabulary import Deployment, SiteHead, Slot
from tests.support.deployer_process import DeployerProcess, Publisher
from tests.support.storage_process import StorageProcess
from tests.support.waiting import wait_until
from tests.support.web_server import WebServer

_AT = datetime(2030, 1, 1, tzinfo=UTC)


def _head(latest: int = 3, stamp: int = 30, fence: int = 7, deployment: int = 5, version: int = 2) -> SiteHead:
    desired = Deployment(number=deployment, site="bakery", slot=Slot.CURRENT, version=version, by="ana", at=_AT)
    return SiteHead(site="bakery", latest=latest, stamp=stamp, fence=fence, slots={Slot.CURRENT: desired})


@pytest.mark.parametrize("less", [{"latest": 2}, {"stamp": 29}, {"fence": 6}, {"deployment": 4}])
def test_whatever_shrinks_is_older(less: dict[str, int]) -> None:
    assert is_older(_head(), _head(**less))
    assert not is_older(_head(**less), _head())
    assert not is_older(None, _head())


def test_a_slot_or_a_site_that_is_gone_is_older() -> None:
    assert is_older(_head(), _head().model_copy(update={"slots": {}}))
    assert is_older(_head(), SiteHead(site="bakery"))


def test_news_are_what_could_be_seen() -> None:
    assert not is_news(_head(), _head(fence=8)), "a claim changes nothing that could be seen"
    assert is_news(_head(), _head(stamp=31))
    assert is_news(None, _head())
    assert asked_since(_head(), _head()) == set()
    assert asked_since(_head(), _head(deployment=6, version=1)) == {1}


def _older(deployer: DeployerProcess) -> bool:
    return "pagewright_sites_older_in_storage 1.0" in deployer.ask_admin("/metrics")[1]


def test_a_storage_that_was_put_back_takes_nothing_back(
    storage: StorageProcess, deployer: DeployerProcess, publisher: Publisher, web_server: WebServer
) -> None:
    """What is served stays until somebody says that storage is right; then its versions are shown, not ours of old."""
    deployer.environment["PAGEWRIGHT_DEPLOYER_COMPARE_SECONDS"] = "0.2"
    deployer.start()
    for number in (1, 2):
        deployer.wait_for("bakery", Slot.CURRENT, publisher.publish("bakery", {"index.html": b"old %d" % number}))
    storage.stop()
    shutil.copytree(storage.directory, storage.directory.parent / "copy")
    storage.start()
    for number in (3, 4):
        deployer.wait_for("bakery", Slot.CURRENT, publisher.publish("bakery", {"index.html": b"old %d" % number}))
    storage.stop()
    deployer.stop()
    shutil.rmtree(storage.directory)
    (storage.directory.parent / "copy").rename(storage.directory)
    storage.start()

    deployer.start()
    wait_until(lambda: _older(deployer), "it is noticed")
    assert web_server.get("bakery").body == b"old 4", "no silent step back"
    assert b"Storage is older" in web_server.get("bakery", "/.well-known/pagewright-trouble.json").body
    assert "storage is older than what it told before" in deployer.log.read_text()

    with pytest.raises(NotFound, match="does not refuse to follow storage for cafe"):
        confirm(deployer.root, ["bakery", "cafe"])
    assert (deployer.root / "bakery/seen.json").exists(), "nothing was changed"
    assert confirm(deployer.root) == ["bakery"]
    deployer.wait_for("bakery", Slot.CURRENT, 2)
    wait_until(lambda: not _older(deployer), "it is confirmed")
    assert confirm(deployer.root) == [], "what is not refused is remembered"
    assert (deployer.root / "bakery/seen.json").exists()
    publisher.forget("bakery", 2)
    for number in (3, 4):
        text = b"new %d" % number
        deployer.wait_for("bakery", Slot.CURRENT, publisher.publish("bakery", {"index.html": text}))
        assert web_server.get("bakery").body == web_server.get(f"v{number}--bakery").body == text
    assert web_server.get("bakery", "/.well-known/pagewright-trouble.json").status == 404


def test_new_versions_of_old_numbers_are_told_apart_even_if_nobody_was_there(
    storage: StorageProcess, deployer: DeployerProcess, publisher: Publisher, web_server: WebServer
) -> None:
    """A web host that was off while storage was put back and went on."""
    deployer.start()
    deployer.wait_for("bakery", Slot.CURRENT, publisher.publish("bakery", {"index.html": b"old 1"}))
    storage.stop()
    shutil.copytree(storage.directory, storage.directory.parent / "copy")
    storage.start()
    deployer.wait_for("bakery", Slot.CURRENT, publisher.publish("bakery", {"index.html": b"old 2"}))
    storage.stop()
    deployer.stop()
    shutil.rmtree(storage.directory)
    (storage.directory.parent / "copy").rename(storage.directory)
    storage.start()
    publisher.forget("bakery", 1)
    for text in (b"new 2", b"new 3"):
        publisher.publish("bakery", {"index.html": text})
    publisher.deploy("bakery", Slot.PREVIEW, 2)
    deployer.start()
    deployer.wait_for("bakery", Slot.CURRENT, 3)
    deployer.wait_for("bakery", Slot.PREVIEW, 2)
    assert (web_server.get("bakery").body, web_server.get("preview--bakery").body) == (b"new 3", b"new 2")
