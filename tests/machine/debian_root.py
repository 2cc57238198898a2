"""A Debian root directory as an installer leaves it: made once by debootstrap, cached, and copied for every machine.

It has systemd, an SSH server, Python and sudo, and nothing of PageWright. The packages that the roll-out asks for wait
in apt's own cache, so that a machine installs them for real without a network.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import yaml

from tests.test_linters import ROOT

SUITE = "bookworm"
ADMIN = "admin"
_CACHE = Path(os.environ.get("PAGEWRIGHT_MACHINE_CACHE") or "/var/cache/pagewright-machines")
# A root that debootstrap has made earlier; it is copied and never changed.
_BASE = os.environ.get("PAGEWRIGHT_MACHINE_BASE")
_SYSTEM = "systemd systemd-sysv dbus openssh-server python3 python3-apt sudo ca-certificates iproute2".split()
# How this machine reaches its package mirror, new machines do too.
_APT = ("/etc/apt/apt.conf.d", "/etc/apt/sources.list.d", "/etc/apt/sources.list", "/usr/share/keyrings")
_CERTIFICATES = ("/etc/ssl/certs", "/etc/resolv.conf", "/etc/hosts")
_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
_MAKING_SECONDS = 1800


def debian_root() -> Path:
    """The cached root, made if need be (minutes). Its name changes with what it holds."""
    packages = platform_packages()
    recipe = "\n".join([SUITE, *_SYSTEM, *packages, Path(__file__).read_text(encoding="utf-8")])
    root = _CACHE / f"{SUITE}-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}"
    if not root.exists():
        _CACHE.mkdir(parents=True, exist_ok=True)
        for old in _CACHE.glob(f"{SUITE}-*"):
            shutil.rmtree(old)
        unfinished = _CACHE / f"making-{os.getpid()}"
        try:
            _make(unfinished, packages)
            unfinished.rename(root)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return root


def platform_packages() -> list[str]:
    """What the roll-out installs from Debian."""
    defaults = yaml.safe_load((ROOT / "ansible/roles/machine/defaults/main.yml").read_text(encoding="utf-8"))
    return list(defaults["machine_packages"])


def _make(root: Path, packages: list[str]) -> None:
    _debootstrap(root)
    for source in _to_copy():
        target = root / source.relative_to("/")
        if target.is_dir() and not target.is_symlink():
            shutil.rmtree(target)
        target.unlink(missing_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, target)
    (root / "etc/machine-id").write_text("")
    apt = ("apt-get", "-q", "-y", "--no-install-recommends")
    _inside(root, "apt-get", "-q", "update")
    _inside(root, *apt, "install", *_SYSTEM)
    _inside(root, *apt, "--download-only", "install", *packages)
    _inside(root, "useradd", "--create-home", "--shell", "/bin/bash", ADMIN)
    (root / "etc/sudoers.d/admin").write_text(f"{ADMIN} ALL=(ALL) NOPASSWD:ALL\n")
    _inside(root, "systemctl", "enable", "systemd-networkd", "ssh")


def _debootstrap(root: Path) -> None:
    if _BASE:
        subprocess.run(["cp", "-a", _BASE, root], check=True, timeout=_MAKING_SECONDS)
        return
    command = ["debootstrap", "--variant=minbase", "--include=ca-certificates", SUITE, root]
    subprocess.run(command, env=_ENVIRONMENT, check=True, timeout=_MAKING_SECONDS, stdout=subprocess.DEVNULL)


def _to_copy() -> Iterator[Path]:
    for path in map(Path, (*_CERTIFICATES, *_APT)):
        if path.name != "apt.conf.d":
            yield from [path] if path.exists() else []
        else:
            # Settings for containers would empty apt's cache.
            yield from (file for file in sorted(path.iterdir()) if "docker" not in file.name)


def _inside(root: Path, *command: str) -> None:
    """Run a command in the root, on this machine's network."""
    container = ["systemd-nspawn", "--quiet", f"--directory={root}", "--register=no", "--keep-unit", "--pipe"]
    container += ["--resolv-conf=off", "--timezone=off", *(f"--setenv={k}={v}" for k, v in _ENVIRONMENT.items())]
    done = subprocess.run(
        [*container, *command], env=_ENVIRONMENT, check=False, capture_output=True, text=True, timeout=_MAKING_SECONDS
    )
    assert done.returncode == 0, f"{' '.join(command)}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
