"""The deployer under power cuts, forged versions and a broken host: wrong bytes never go live (I5, I6)."""

import random
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from shared.domain.archive import pack
from shared.domain.file_list import encode_file_list, public_files
from shared.domain.signing import generate_private_key, load_private_key
from shared.domain.vocabulary import Slot
from tests.support.deployer_process import DeployerProcess, Publisher
from tests.support.storage_process import StorageProcess
from tests.support.waiting import wait_until

_PAGE = {"index.html": b"fine"}


def _large_site(number: int) -> dict[str, bytes]:
    return {f"{n % 7}/page{n}.html": b"%d" % number * 2000 for n in range(200)} | {"index.html": b"%d" % number}


def _files(release: Path) -> Mapping[str, bytes]:
    files = {str(f.relative_to(release)): f.read_bytes() for f in release.rglob("*") if f.is_file()}
    return {
        name: data for name, data in files.items() if not name.endswith(".gz") and not name.startswith(".pagewright/")
    }


def _has_begun(deployer: DeployerProcess, version: int) -> bool:
    staging = deployer.root / f"bakery/.incoming-{version}"
    return staging.exists() or deployer.shows("bakery", Slot.CURRENT) == version


def test_i5_a_release_that_exists_is_whole_whenever_the_deployer_dies(
    deployer: DeployerProcess, publisher: Publisher
) -> None:
    """I5: killed without warning again and again, it leaves whole releases only, and goes on from there."""
    site = deployer.root / "bakery"
    for version in range(1, 6):
        deployer.start()
        publisher.publish("bakery", _large_site(version))
        wait_until(partial(_has_begun, deployer, version), "it began")
        time.sleep(random.uniform(0, 0.1))
        deployer.kill()
        for release in (site / "releases").iterdir():
            assert _files(release) == _large_site(int(release.name))
        shown = deployer.shows("bakery", Slot.CURRENT)
        assert shown is None or (site / f"releases/{shown}").is_dir()
    deployer.start()
    deployer.wait_for("bakery", Slot.CURRENT, 5)
    wait_until(lambda: not [path for path in site.iterdir() if path.name.startswith(".")], "leftovers swept")


def _refusals(deployer: DeployerProcess) -> int:
    lines = deployer.ask_admin("/metrics")[1].splitlines()
    values = [line.split()[1] for line in lines if line.startswith('pagewright_releases_total{outcome="refused"}')]
    return int(float(values[0])) if values else 0


def _behind(deployer: DeployerProcess) -> int:
    lines = deployer.ask_admin("/metrics")[1].splitlines()
    return int(float(next(line.split()[1] for line in lines if line.startswith("pagewright_sites_behind "))))


def test_forged_versions_are_refused_and_other_sites_go_on(deployer: DeployerProcess, publisher: Publisher) -> None:
    """I6: nothing goes live that a trusted key did not sign, byte for byte."""
    listed = encode_file_list(public_files(_PAGE, None, 1_700_000_001))
    stranger = load_private_key(generate_private_key())
    deployer.start()
    publisher.publish("good", _PAGE)
    forgeries = {
        "stranger": (pack({}, _PAGE), listed, {"key": stranger}),
        "other-file": (pack({}, _PAGE | {"more.html": b"x"}), listed, {}),
        "other-bytes": (pack({}, {"index.html": b"evil"}), listed, {}),
        "no-archive": (b"no archive", listed, {}),
        "no-list": (pack({}, _PAGE), b"no list", {}),
        "from-the-future": (pack({}, _PAGE), encode_file_list(public_files(_PAGE, None, 1_700_000_002)), {}),
        "program": (pack({}, {"x.php": b""}), encode_file_list(public_files({"x.php": b""}, None, 1_700_000_001)), {}),
    }
    for site, (artifact, file_list, options) in forgeries.items():
        publisher.deploy(site, Slot.CURRENT, publisher.commit_raw(site, artifact, file_list, **options))
    wait_until(lambda: _refusals(deployer) >= len(forgeries), "all refused")
    publisher.publish("good", {"index.html": b"still fine"})
    deployer.wait_for("good", Slot.CURRENT, 2)
    assert {path.parts[-3] for path in deployer.root.glob("*/releases/*")} == {"good"}
    assert "release refused" in deployer.log.read_text()


def test_a_refused_version_leaves_the_slot_as_it_was(deployer: DeployerProcess, publisher: Publisher) -> None:
    deployer.environment["PAGEWRIGHT_DEPLOYER_COMPARE_SECONDS"] = "0.2"
    deployer.start()
    publisher.publish("bakery", _PAGE)
    deployer.wait_for("bakery", Slot.CURRENT, 1)
    bad = publisher.commit_raw("bakery", b"no archive", b"no list")
    publisher.deploy("bakery", Slot.CURRENT, bad)
    wait_until(lambda: _refusals(deployer) >= 2, "refused, and tried again")
    assert deployer.shows("bakery", Slot.CURRENT) == 1
    publisher.publish("bakery", {"index.html": b"three"})
    deployer.wait_for("bakery", Slot.CURRENT, 3)


def test_a_key_that_becomes_trusted_is_trusted_without_a_restart(
    deployer: DeployerProcess, publisher: Publisher
) -> None:
    deployer.environment["PAGEWRIGHT_DEPLOYER_COMPARE_SECONDS"] = "0.2"
    line = deployer.trusted_keys.read_text()
    deployer.trusted_keys.write_text("# nobody yet\n")
    deployer.start()
    publisher.publish("bakery", _PAGE)
    wait_until(lambda: _refusals(deployer) >= 1, "refused")
    deployer.trusted_keys.write_text(line)
    deployer.wait_for("bakery", Slot.CURRENT, 1)


def test_an_obstacle_in_one_site_does_not_stop_others(
    deployer: DeployerProcess, publisher: Publisher, tmp_path: Path
) -> None:
    """A symlink in a site's place leads to somebody else's files: nothing there is swept or written."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / ".profile").write_text("not ours")
    (deployer.root / "broken").symlink_to(elsewhere)
    deployer.environment["PAGEWRIGHT_DEPLOYER_COMPARE_SECONDS"] = "0.2"
    deployer.start()
    publisher.publish("broken", _PAGE)
    publisher.publish("good", _PAGE)
    deployer.wait_for("good", Slot.CURRENT, 1)
    wait_until(lambda: "A symlink is where a site's directory should be" in deployer.log.read_text(), "told")
    wait_until(lambda: _behind(deployer) == 1, "counted")
    assert [path.name for path in elsewhere.iterdir()] == [".profile"]
    (deployer.root / "broken").unlink()
    deployer.wait_for("broken", Slot.CURRENT, 1)


def test_ready_means_compared_lately(storage: StorageProcess, deployer: DeployerProcess, publisher: Publisher) -> None:
    deployer.environment["PAGEWRIGHT_DEPLOYER_COMPARE_SECONDS"] = "0.2"
    publisher.publish("bakery", _PAGE)
    deployer.start()
    wait_until(lambda: deployer.ask_admin("/readyz")[0] == 200, "ready")
    assert deployer.shows("bakery", Slot.CURRENT) == 1
    storage.kill()
    wait_until(lambda: deployer.ask_admin("/readyz")[0] == 503, "not ready")
    assert deployer.ask_admin("/healthz")[0] == 200


def test_a_broken_directory_of_one_site_does_not_stop_the_others(
    deployer: DeployerProcess, publisher: Publisher
) -> None:
    """A file where a site's releases should be is that site's trouble alone."""
    (deployer.root / "broken").mkdir(parents=True)
    (deployer.root / "broken/releases").write_text("no folder")
    publisher.publish("broken", _PAGE)
    publisher.publish("good", _PAGE)
    deployer.start()
    deployer.wait_for("good", Slot.CURRENT, 1)
    wait_until(lambda: "not deployed" in deployer.log.read_text(), "told")
    wait_until(lambda: _behind(deployer) == 1, "counted")
    publisher.publish("good", {"index.html": b"newer"})
    deployer.wait_for("good", Slot.CURRENT, 2)
    (deployer.root / "broken/releases").unlink()
    publisher.publish("broken", _PAGE)
    deployer.wait_for("broken", Slot.CURRENT, 2)
    wait_until(lambda: _behind(deployer) == 0, "not counted any more")


def test_a_site_damaged_in_storage_stays_as_it_is_and_others_go_on(
    storage: StorageProcess, deployer: DeployerProcess, publisher: Publisher
) -> None:
    """I5: a site that storage can't tell of is not one that shall go."""
    for site in ("bakery", "florist", "lawyer"):
        publisher.publish(site, _PAGE)
    deployer.start()
    for site in ("bakery", "florist", "lawyer"):
        deployer.wait_for(site, Slot.CURRENT, 1)
    deployer.kill()
    storage.stop()
    fence = storage.directory / "sites/bakery/fence"
    whole = fence.read_bytes()
    fence.write_bytes(b"torn")
    storage.start()

    publisher.publish("florist", _PAGE)
    deployer.environment["PAGEWRIGHT_DEPLOYER_COMPARE_SECONDS"] = "0.2"
    deployer.start()
    deployer.wait_for("florist", Slot.CURRENT, 2)
    wait_until(lambda: deployer.ask_admin("/readyz")[0] == 200, "it has compared everything that can be compared")
    assert [deployer.shows(site, Slot.CURRENT) for site in ("bakery", "florist", "lawyer")] == [1, 2, 1]
    assert (deployer.root / "bakery/current/index.html").read_bytes() == b"fine"
    assert "this site is damaged" in storage.log.read_text()

    wait_until(lambda: _behind(deployer) == 1, "nobody knows what the damaged one shall show, so it counts as behind")
    fence.write_bytes(whole)
    wait_until(lambda: _behind(deployer) == 0, "it can be told again")
