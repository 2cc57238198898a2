"""Debian machines that are booted for a test, reached over SSH, rebooted, and gone afterwards."""

import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.machine.debian_root import ADMIN, installed_root, waiting_root
from tests.machine.layers import Layer, held, overlay
from tests.machine.machine_cgroups import group_entrance
from tests.machine.private_network import PrivateNetwork, private_network

_BOOT_SECONDS = 180
_RESTART_STATUS = 133  # systemd-nspawn's word for "the machine asks to be booted again"
_FIRST_HOST = 10
_NETWORK = """[Match]
Name=host0
[Network]
Address={address}/24
LinkLocalAddressing=no
"""


@dataclass
class Machine:
    """A machine on a private network; its address reaches it from here and from its neighbours."""

    name: str
    network: PrivateNetwork
    address: str
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def directory(self) -> Path:
        """What belongs to the machine: its root, its console."""
        return self.network.directory / self.name

    @property
    def root(self) -> Path:
        return self.directory / "root"

    def ssh_options(self) -> list[str]:
        """The same for all machines of a network. One connection serves many commands; nobody's settings are read."""
        run = self.network.directory
        options = [f"UserKnownHostsFile={run / 'known_hosts'}", "StrictHostKeyChecking=accept-new"]
        options += ["IdentitiesOnly=yes", "BatchMode=yes", "ConnectTimeout=5"]
        # A socket's path may have 107 characters, of which ssh itself wants 17.
        options += ["ControlMaster=auto", "ControlPersist=60s", f"ControlPath={run}/ssh-%h"]
        options += ["ServerAliveInterval=5", "ServerAliveCountMax=6"]
        return ["-i", str(run / "key"), "-F", "none", *(part for option in options for part in ("-o", option))]

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
        assert done.returncode == 0, f"{self.name}: {command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done.stdout

    def start(self) -> None:
        """Switch it on. It dies with the thread that did it, so that a killed test leaves no machine behind."""
        name = f"{self.network.bridge}-{self.name}"
        entrance = group_entrance(name)
        command = [*entrance, "/usr/bin/setpriv", "--pdeathsig", "KILL", "/usr/bin/systemd-nspawn", "--quiet", "--boot"]
        command += ["--keep-unit"] if entrance else []
        command += [f"--directory={self.root}", f"--machine={name}", f"--network-bridge={self.network.bridge}"]
        command += ["--register=no", "--resolv-conf=off", "--timezone=off", "--link-journal=no", "--console=read-only"]
        command += ["--kill-signal=SIGKILL", "systemd.log_target=journal"]
        with (self.directory / "console.log").open("ab") as console:
            self._process = subprocess.Popen(
                command, env={"PATH": f"{os.defpath}:/usr/sbin", "SYSTEMD_LOG_LEVEL": "warning"},
                stdin=subprocess.DEVNULL, stdout=console, stderr=console,
            )  # fmt: skip

    def wait_until_booted(self) -> None:
        """Until it accepts commands and has started what it starts."""
        assert self._process
        deadline = time.monotonic() + _BOOT_SECONDS
        while self.run("systemctl is-system-running --wait >/dev/null; true").returncode:
            assert self._process.poll() is None, f"{self.name} ended: {self.console()}"
            assert time.monotonic() < deadline, f"{self.name} does not answer: {self.console()}"
            time.sleep(0.1)

    def boot(self) -> None:
        """Switch it on and wait until it can be used."""
        self.start()
        self.wait_until_booted()

    def reboot(self) -> None:
        """Boot the machine again as an administrator would."""
        assert self._process
        self.run("systemctl reboot")
        assert self._process.wait(_BOOT_SECONDS) == _RESTART_STATUS
        self.hang_up()
        self.boot()

    def stop(self) -> None:
        """Switch it off as a power cut does; what it wrote is there when it is booted again."""
        self.hang_up()
        if self._process:
            self._process.terminate()
            self._process.wait(60)

    def console(self) -> str:
        """The end of what the machine said at boot."""
        return (self.directory / "console.log").read_text(errors="replace")[-2000:]

    def hang_up(self) -> None:
        """End the connection that was kept for the next command; there may be none."""
        command = ["/usr/bin/ssh", *self.ssh_options(), "-O", "exit", self.address]
        subprocess.run(command, env={}, check=False, capture_output=True, timeout=10)


@contextmanager
def booted_machine() -> Iterator[Machine]:
    """A fresh machine; everything of it is removed afterwards."""
    with _booted(["pagewright"], waiting_root()) as machines:
        yield machines["pagewright"]


@contextmanager
def booted_fleet(names: Sequence[str]) -> Iterator[dict[str, Machine]]:
    """Machines on one network, by name, where all packages are installed already."""
    with _booted(names, installed_root()) as machines:
        yield machines


@contextmanager
def _booted(names: Sequence[str], layer: Layer) -> Iterator[dict[str, Machine]]:
    with held(layer) as below, private_network() as network, ExitStack() as running:
        key = ["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{network.directory}/key"]
        subprocess.run(key, env={}, check=True, timeout=30)
        machines = [Machine(name, network, network.address(number)) for number, name in enumerate(names, _FIRST_HOST)]
        for machine in machines:
            running.enter_context(overlay(below, machine.directory))
            _personalise(machine)
            machine.start()
            running.callback(machine.stop)
        for machine in machines:
            machine.wait_until_booted()
        yield {machine.name: machine for machine in machines}


def _personalise(machine: Machine) -> None:
    """Who may enter, its name, its address; its package lists are as fresh as if fetched now."""
    root = machine.root
    home = root / f"home/{ADMIN}"
    (home / ".ssh").mkdir(mode=0o700)
    shutil.copy(machine.network.directory / "key.pub", home / ".ssh/authorized_keys")
    for path in (home / ".ssh", home / ".ssh/authorized_keys"):
        os.chown(path, home.stat().st_uid, home.stat().st_gid)
    (root / "etc/hostname").write_text(f"{machine.name}\n")
    with (root / "etc/hosts").open("a") as hosts:
        hosts.write(f"127.0.1.1 {machine.name}\n")
    (root / "etc/systemd/network/10-host0.network").write_text(_NETWORK.format(address=machine.address))
    (root / "var/lib/apt/lists").touch()
    stamp = root / "var/lib/apt/periodic/update-success-stamp"
    stamp.parent.mkdir(exist_ok=True)
    stamp.touch()
