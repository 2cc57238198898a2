"""A Debian machine that is booted for a test, reached over SSH, rebooted, and gone afterwards."""

import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp

from tests.machine.debian_root import ADMIN, debian_root

_BOOT_SECONDS = 180
_RESTART_STATUS = 133  # systemd-nspawn's word for "the machine asks to be booted again"
_NETWORK = """[Match]
Name=host0
[Network]
Address={address}/30
LinkLocalAddressing=no
"""


@dataclass
class Machine:
    """A machine with a private network of two addresses: ours and its own."""

    directory: Path
    name: str
    ours: str
    address: str
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def root(self) -> Path:
        return self.directory / "root"

    @property
    def key(self) -> Path:
        return self.directory / "key"

    def ssh_options(self) -> list[str]:
        known = f"UserKnownHostsFile={self.directory / 'known_hosts'}"
        options = [known, "StrictHostKeyChecking=accept-new", "IdentitiesOnly=yes", "BatchMode=yes", "ConnectTimeout=5"]
        return ["-i", str(self.key), "-F", "none", *(part for option in options for part in ("-o", option))]

    def run(self, command: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """A shell command as root on the machine, over SSH."""
        line = f"sudo -n sh -c {shlex.quote(command)}"
        return subprocess.run(
            ["/usr/bin/ssh", *self.ssh_options(), f"{ADMIN}@{self.address}", line],
            env={"PATH": os.defpath, "LANG": "C.UTF-8"}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False, timeout=timeout,
        )  # fmt: skip

    def output(self, command: str, timeout: float = 120) -> str:
        """What a command prints; fails if it fails."""
        done = self.run(command, timeout)
        assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done.stdout

    def boot(self) -> None:
        """Start the machine and wait until it accepts commands."""
        command = ["/usr/bin/systemd-nspawn", "--quiet", "--boot", f"--directory={self.root}", f"--machine={self.name}"]
        command += ["--register=no", "--keep-unit", "--network-veth", "--resolv-conf=off", "--timezone=off"]
        command += ["--link-journal=no", "--console=read-only", "systemd.log_target=journal"]
        with (self.directory / "console.log").open("ab") as console:
            self._process = subprocess.Popen(
                command, env={"PATH": f"{os.defpath}:/usr/sbin", "SYSTEMD_LOG_LEVEL": "warning"},
                stdin=subprocess.DEVNULL, stdout=console, stderr=console,
            )  # fmt: skip
        deadline = time.monotonic() + _BOOT_SECONDS
        self._connect_network(deadline)
        while self.run("systemctl is-system-running --wait >/dev/null; true").returncode:
            assert self._process.poll() is None, f"{self.name} ended: {self.console()}"
            assert time.monotonic() < deadline, f"{self.name} does not answer: {self.console()}"
            time.sleep(0.5)

    def reboot(self) -> None:
        """Boot the machine again as an administrator would."""
        assert self._process
        self.run("systemctl reboot")
        assert self._process.wait(_BOOT_SECONDS) == _RESTART_STATUS
        self.boot()

    def stop(self) -> None:
        """Switch it off; it gets a while to stop cleanly."""
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(60)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def console(self) -> str:
        """The end of what the machine said at boot."""
        return (self.directory / "console.log").read_text(errors="replace")[-2000:]

    def _connect_network(self, deadline: float) -> None:
        link = f"ve-{self.name}"
        while not Path(f"/sys/class/net/{link}").exists():
            assert time.monotonic() < deadline, f"no network link: {self.console()}"
            time.sleep(0.1)
        for arguments in (["address", "replace", f"{self.ours}/30", "dev", link], ["link", "set", link, "up"]):
            subprocess.run(["/usr/sbin/ip", *arguments], env={}, check=True, timeout=10)


@contextmanager
def booted_machine() -> Iterator[Machine]:
    """A fresh machine; everything of it is removed afterwards."""
    base = debian_root()
    directory = Path(mkdtemp(prefix="run-", dir=base.parent))
    network = _free_network()
    machine = Machine(directory, f"pw{os.getpid()}", f"{network}.1", f"{network}.2")
    try:
        subprocess.run(["cp", "-a", base, machine.root], check=True, timeout=600)
        _personalise(machine)
        machine.boot()
        yield machine
    finally:
        machine.stop()
        shutil.rmtree(directory, ignore_errors=True)


def _personalise(machine: Machine) -> None:
    """Its key, its name, its address; its package lists are as fresh as if fetched now."""
    keygen = ["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", machine.key]
    subprocess.run(keygen, env={}, check=True, timeout=30)
    root = machine.root
    home = root / f"home/{ADMIN}"
    (home / ".ssh").mkdir(mode=0o700)
    shutil.copy(f"{machine.key}.pub", home / ".ssh/authorized_keys")
    for path in (home / ".ssh", home / ".ssh/authorized_keys"):
        os.chown(path, home.stat().st_uid, home.stat().st_gid)
    (root / "etc/hostname").write_text(f"{machine.name}\n")
    with (root / "etc/hosts").open("a") as hosts:
        hosts.write(f"127.0.1.1 {machine.name}\n")
    (root / "etc/systemd/network/10-host0.network").write_text(_NETWORK.format(address=machine.address))
    lists = root / "var/lib/apt/lists"
    lists.touch()
    stamp = root / "var/lib/apt/periodic/update-success-stamp"
    stamp.parent.mkdir(exist_ok=True)
    stamp.touch()


def _free_network() -> str:
    """The first three numbers of addresses that no other machine here uses; 198.18.0.0/15 is for tests."""
    taken = subprocess.run(
        ["/usr/sbin/ip", "-4", "address"], env={}, check=True, capture_output=True, text=True, timeout=10
    )
    number = os.getpid() % 250
    while f"198.18.{number}." in taken.stdout:
        number = (number + 1) % 250
    return f"198.18.{number}"
