"""Releases for tests of upgrades: what hosts have, the bundle that was built, one with another name, a broken one."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

from tests.machine.rollout import Installation
from tests.test_linters import ROOT

_BUILT = ROOT / "dist/rollout"


def built_release() -> str:
    """The name of the release that `make rollout` has built last."""
    return str(_bundle()["release"])


def newer_release(directory: Path) -> Path:
    """A folder with a bundle that has the same programs and another name: what an operator gets of the next release."""
    bundles, bundle = directory / "newer", _bundle()
    name = f"{bundle['release']}.newer"
    _with_large_files(bundles)
    shutil.copy(_BUILT / f"pagewright-{bundle['release']}.tar", bundles / f"pagewright-{name}.tar")
    (bundles / "bundle.json").write_text(json.dumps(bundle | {"release": name}))
    return bundles


def broken_release(directory: Path) -> Path:
    """A folder with a bundle that installs well, and whose storage daemon does not start."""
    bundles, bundle, tree = directory / "broken", _bundle(), directory / "broken/tree"
    name = f"{bundle['release']}.broken"
    _with_large_files(bundles)
    tree.mkdir()
    _run("tar", "--extract", "--file", _BUILT / f"pagewright-{bundle['release']}.tar", "--directory", tree)
    unit = tree / "systemd/pagewright-storage.service"
    before = hashlib.sha256(unit.read_bytes()).hexdigest()
    text = unit.read_text()
    unit.write_text(text.replace("-m daemons.storage\n", "-m daemons.storage.is_not_here\n"))
    after = hashlib.sha256(unit.read_bytes()).hexdigest()
    assert before != after
    sums = tree / "SHA256SUMS"
    sums.write_text(sums.read_text().replace(before, after))
    _run("tar", "--create", "--file", bundles / f"pagewright-{name}.tar", "--directory", tree, ".")
    shutil.rmtree(tree)
    (bundles / "bundle.json").write_text(json.dumps(bundle | {"release": name}))
    return bundles


def releases(installation: Installation) -> dict[str, str]:
    """The current release of each host."""
    hosts = installation.machines.items()
    return {name: host.output("readlink /opt/pagewright/current").strip() for name, host in hosts}


def _with_large_files(bundles: Path) -> None:
    bundles.mkdir()
    (bundles / "large").symlink_to(_BUILT / "large")


def _bundle() -> dict[str, object]:
    bundle: dict[str, object] = json.loads((_BUILT / "bundle.json").read_text())
    return bundle


def _run(*command: str | Path) -> None:
    subprocess.run(command, env={}, check=True, capture_output=True, timeout=120)
