"""Releases that are no longer what was written are found and made anew (I5, I6, I10)."""

import asyncio
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from daemons.deployer.releasing import Releaser
from daemons.deployer.site_deployer import Look, SiteDeployer
from shared.domain.vocabulary import SiteNews, Slot
from tests.support.deployer_process import DeployerProcess, Publisher
from tests.support.manifests import TRUSTED_LINE, fill_site
from tests.support.storage_process import StorageProcess
from tests.support.waiting import wait_until
from tests.support.web_server import WebServer

_PAGE = b"<h1>Bread</h1>" * 200
_SITE = {"index.html": _PAGE, "deep/style.css": b"a{}", "old.html": "für".encode("cp1252")}


def _empty(release: Path) -> None:
    shutil.rmtree(release)
    release.mkdir()


def _truncate(release: Path) -> None:
    for name in ("index.html", "index.html.gz"):
        (release / name).write_bytes(b"")


def _forget(release: Path) -> None:
    """As a deployer of the release before has left it."""
    shutil.rmtree(release / ".pagewright")


def _add(release: Path) -> None:
    (release / "deep/foreign.html").write_text("not ours")


def _lose(release: Path) -> None:
    (release / "deep/style.css").unlink()


def _change_as_large(release: Path) -> None:
    (release / "deep/style.css").write_bytes(b"b{}")


def _lock(release: Path) -> None:
    """nginx, another user, can't open it."""
    (release / "deep/style.css").chmod(0o600)


def _link(release: Path) -> None:
    """Somebody moved it to another disk: nothing of ours holds what is there."""
    shutil.move(release, release.parent.parent.parent.parent / "elsewhere")
    release.symlink_to(release.parent.parent.parent.parent / "elsewhere")


def _lock_folder(release: Path) -> None:
    (release / "deep").chmod(0o700)


def _unmark(release: Path) -> None:
    """Without its mark nginx would call the page UTF-8."""
    (release / ".pagewright/plain/old.html.").unlink()


def _mark(release: Path) -> None:
    (release / ".pagewright/plain/index.html.").touch()


def _is_whole(deployer: DeployerProcess, publisher: Publisher) -> bool:
    release = deployer.root / "bakery/current"
    try:
        record = json.loads((release / ".pagewright/release.json").read_bytes())
        files = {
            p.relative_to(release).as_posix()
            for p in release.rglob("*")
            if p.is_file() and ".pagewright" not in p.parts
        }
        return (
            not release.resolve().is_symlink()
            and release.resolve().parent.name == "releases"
            and record["manifest"] == publisher.digest("bakery", 1)
            and files == {*_SITE, "index.html.gz"}
            and [mark.name for mark in (release / ".pagewright/plain").iterdir()] == ["old.html."]
            and all((release / path).read_bytes() == data for path, data in _SITE.items())
            and all(path.stat().st_mode & 0o444 == 0o444 for path in release.rglob("*"))
        )
    except OSError:
        return False


@pytest.mark.parametrize(
    "damage", [_empty, _truncate, _forget, _add, _lose, _lock, _lock_folder, _mark, _unmark, _link]
)
def test_what_is_damaged_is_made_anew_at_the_next_start(
    deployer: DeployerProcess, publisher: Publisher, damage: Callable[[Path], None]
) -> None:
    publisher.publish("bakery", _SITE)
    deployer.start()
    deployer.wait_for("bakery", Slot.CURRENT, 1)
    assert deployer.stop() == 0
    damage((deployer.root / "bakery/current").resolve())
    assert not _is_whole(deployer, publisher)
    deployer.start()
    wait_until(lambda: _is_whole(deployer, publisher), "the release is whole again")


@pytest.mark.parametrize("damage", [_empty, _truncate, _link])
def test_a_home_page_that_is_gone_is_seen_at_the_next_comparison(
    deployer: DeployerProcess, publisher: Publisher, web_server: WebServer, damage: Callable[[Path], None]
) -> None:
    deployer.environment["PAGEWRIGHT_DEPLOYER_COMPARE_SECONDS"] = "0.2"
    publisher.publish("bakery", _SITE)
    deployer.start()
    deployer.wait_for("bakery", Slot.CURRENT, 1)
    with deployer.frozen():  # a comparison in the midst of the damage would find it twice, or a folder that is gone
        damage((deployer.root / "bakery/current").resolve())
    wait_until(lambda: _is_whole(deployer, publisher), "the release is whole again")
    assert web_server.get("bakery").body == _PAGE
    assert "pagewright_damaged_releases_total 1.0" in deployer.ask_admin("/metrics")[1]


@pytest.mark.parametrize("damage", [_lose, _change_as_large])
def test_who_publishes_a_damaged_version_again_gets_it_whole(
    deployer: DeployerProcess, publisher: Publisher, damage: Callable[[Path], None]
) -> None:
    """At once: the next comparison is a minute away."""
    publisher.publish("bakery", _SITE)
    deployer.start()
    deployer.wait_for("bakery", Slot.CURRENT, 1)
    wait_until(lambda: deployer.ask_admin("/readyz")[0] == 200, "the first comparison is over")
    damage((deployer.root / "bakery/current").resolve())
    publisher.deploy("bakery", Slot.CURRENT, 1)
    wait_until(lambda: _is_whole(deployer, publisher), "the release is whole again")


def test_damage_that_can_not_be_mended_yet_stays_known(deployer: DeployerProcess, publisher: Publisher) -> None:
    """It can't be fetched: the site counts as behind and its trouble is told, at every comparison, until it can."""
    deployer.environment["PAGEWRIGHT_DEPLOYER_COMPARE_SECONDS"] = "0.2"
    publisher.publish("bakery", _SITE)
    deployer.start()
    deployer.wait_for("bakery", Slot.CURRENT, 1)
    assert deployer.stop() == 0
    _lose((deployer.root / "bakery/current").resolve())
    line = deployer.trusted_keys.read_text()
    deployer.trusted_keys.write_text("# nobody\n")
    deployer.start()
    refusals = 'pagewright_releases_total{outcome="refused"} '
    wait_until(lambda: refusals + "3.0" in deployer.ask_admin("/metrics")[1], "it is tried again and again")
    assert "pagewright_sites_behind 1.0" in deployer.ask_admin("/metrics")[1]
    assert json.loads((deployer.root / "bakery/trouble.json").read_text())["version"] == 1
    deployer.trusted_keys.write_text(line)
    wait_until(lambda: _is_whole(deployer, publisher), "the release is whole again")
    wait_until(lambda: not (deployer.root / "bakery/trouble.json").exists(), "the trouble is over")


def test_every_byte_is_compared_now_and_then(deployer: DeployerProcess, publisher: Publisher) -> None:
    deployer.environment["PAGEWRIGHT_DEPLOYER_DEEP_CHECK_SECONDS"] = "0.2"
    publisher.publish("bakery", _SITE)
    deployer.start()
    deployer.wait_for("bakery", Slot.CURRENT, 1)
    _change_as_large((deployer.root / "bakery/current").resolve())
    wait_until(lambda: _is_whole(deployer, publisher), "the release is whole again")
    assert "pagewright_damaged_releases_total 1.0" in deployer.ask_admin("/metrics")[1], "and was whole before"


def test_a_folder_in_the_place_of_current_is_replaced(
    deployer: DeployerProcess, publisher: Publisher, web_server: WebServer
) -> None:
    deployer.environment["PAGEWRIGHT_DEPLOYER_COMPARE_SECONDS"] = "0.2"
    publisher.publish("bakery", _SITE)
    deployer.start()
    deployer.wait_for("bakery", Slot.CURRENT, 1)
    current = deployer.root / "bakery/current"
    current.unlink()
    current.mkdir()
    (current / "index.html").write_text("not ours")
    deployer.wait_for("bakery", Slot.CURRENT, 1)
    assert web_server.get("bakery").body == _PAGE
    wait_until(lambda: not list((deployer.root / "bakery").glob(".*")), "nothing is left behind")


def test_news_that_a_comparison_has_overtaken_are_not_believed(storage: StorageProcess, tmp_path: Path) -> None:
    """They are older than what this host has seen: storage is asked, and neither blamed nor followed back."""

    async def play() -> None:
        (tmp_path / "keys").write_text(TRUSTED_LINE)
        async with storage.client() as worker, storage.client("api") as api, storage.client("deployer") as client:
            sites = SiteDeployer(client, tmp_path, Releaser(client, tmp_path, tmp_path / "keys"), 5)
            await fill_site(worker, 2)
            await api.desire("bakery", Slot.CURRENT, 1, "ana", accept_failed_checks=False)
            old = SiteNews(head=await client.head("bakery"))
            await sites.deploy("bakery", Look.ASKED, old)
            assert (tmp_path / "bakery/current").readlink().name == "1", "news alone say what to show"
            await api.desire("bakery", Slot.CURRENT, 2, "ana", accept_failed_checks=False)
            await sites.deploy("bakery", Look.NEWS)
            await sites.deploy("bakery", Look.ASKED, old)
            assert ((tmp_path / "bakery/current").readlink().name, sites.older) == ("2", set())

    asyncio.run(play())
