"""What a test machine's root holds, in three layers that are cached.

The system is as an installer leaves it: systemd, an SSH server, Python and sudo. Above it the packages that the
roll-out asks for wait in apt's own cache, so that a machine installs them for real without a network. Above that they
are installed, for fleets, whose machines would else install the same many times.
"""

import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.machine.layers import Layer
from tests.machine.role_packages import role_packages

SUITE = "bookworm"
ADMIN = "admin"
# A root that debootstrap has made earlier; it is copied and never changed.
_BASE = os.environ.get("PAGEWRIGHT_MACHINE_BASE")
_SYSTEM = "systemd systemd-sysv dbus openssh-server python3 python3-apt sudo ca-certificates iproute2".split()
# How this machine reaches its package mirror, new machines do too; its list of sources fits only its own suite.
_NETWORK = ("/etc/ssl/certs", "/etc/resolv.conf", "/etc/hosts", "/etc/apt/apt.conf.d")
_SOURCES = ("/etc/apt/sources.list.d", "/etc/apt/sources.list", "/usr/share/keyrings")
_PROXIES = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
_ENVIRONMENT = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive", **_PROXIES
}  # fmt: skip
_APT_GET = ("apt-get", "-q", "-y", "--no-install-recommends")
_MAKING_SECONDS = 1800


def waiting_root() -> Layer:
    """A system where the packages of all roles wait to be installed."""
    system = Layer("system", (SUITE, *_SYSTEM, Path(__file__).read_text(encoding="utf-8")), _make_system)
    packages = role_packages()

    def download(root: Path) -> None:
        _inside(root, *_APT_GET, "--download-only", "install", *packages)

    return Layer("waiting", tuple(packages), download, system)


def installed_root() -> Layer:
    """A system where the packages of all roles are installed, and none of their services starts by itself."""
    return Layer("installed", (), _install_packages, waiting_root())


def _make_system(root: Path) -> None:
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
    _inside(root, "apt-get", "-q", "update")
    _install(root, _SYSTEM)
    _inside(root, "useradd", "--create-home", "--shell", "/bin/bash", ADMIN)
    (root / "etc/sudoers.d/admin").write_text(f"{ADMIN} ALL=(ALL) NOPASSWD:ALL\n")
    _inside(root, "systemctl", "enable", "systemd-networkd", "ssh")


def _install_packages(root: Path) -> None:
    links = "etc/systemd/system/*.wants/*"
    before = {path.name for path in root.glob(links)}
    _install(root, role_packages())
    _inside(root, "apt-get", "clean")
    # On a real machine only the hosts of a role have its packages.
    _inside(root, "systemctl", "disable", *sorted({path.name for path in root.glob(links)} - before))


def _install(root: Path, packages: list[str]) -> None:
    """Install packages without starting their services, which nothing here would stop."""
    policy = root / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    _inside(root, *_APT_GET, "install", *packages)
    policy.unlink()


def _debootstrap(root: Path) -> None:
    if _BASE:
        subprocess.run(["cp", "-a", f"{_BASE}/.", root], check=True, timeout=_MAKING_SECONDS)
        return
    command = ["debootstrap", "--variant=minbase", "--include=ca-certificates", SUITE, str(root)]
    subprocess.run(command, env=_ENVIRONMENT, check=True, timeout=_MAKING_SECONDS, stdout=subprocess.DEVNULL)


def _to_copy() -> Iterator[Path]:
    same = platform.freedesktop_os_release().get("VERSION_CODENAME") == SUITE
    for path in map(Path, (*_NETWORK, *(_SOURCES if same else ()))):
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
