"""A machine with a kernel of its own: QEMU boots a root directory with Debian's kernel, and it is reached over SSH.

The processor is emulated, because not every host lends its own: it is ten to thirty times slower.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.machine.booted_machine import Machine

# Debian's kernel for virtual machines has all drivers that QEMU's devices need. The others test a profile.
_PACKAGES = ("linux-image-cloud-amd64", "initramfs-tools", "apparmor", "bubblewrap")
_BOOT_SECONDS = 1200
_MEGABYTES = 3072
_DISK_BYTES = 12 << 30
# What a daemon may take to start, and a job to be done, is for real processors.
_PATIENCE = {
    "system.conf.d/emulated.conf": "[Manager]\nDefaultTimeoutStartSec=20min\n",
    "system/pagewright-worker@.service.d/emulated.conf": """[Service]
Environment=PAGEWRIGHT_WORKER_LEASE_SECONDS=300 PAGEWRIGHT_WORKER_EDIT_SECONDS=1200 PAGEWRIGHT_WORKER_CHECK_SECONDS=1200
""",
}
_NETWORK = """[Match]
Name=en*
[Network]
Address=10.0.2.15/24
LinkLocalAddressing=no
"""


class EmulatedMachine(Machine):
    """It answers on an address of this host's loopback network, at SSH's and the web's own ports."""

    def start(self) -> None:
        """Switch it on. It dies with the thread that did it."""
        forwards = "".join(f",hostfwd=tcp:{self.address}:{port}-:{port}" for port in (22, 80, 443))
        command = ["/usr/bin/setpriv", "--pdeathsig", "KILL", "/usr/bin/nice", "/usr/bin/qemu-system-x86_64"]
        command += ["-accel", "tcg", "-cpu", "Nehalem", "-smp", "1", "-m", str(_MEGABYTES)]
        command += ["-display", "none", "-monitor", "none", "-serial", "stdio", "-no-reboot"]
        command += ["-kernel", str(self.directory / "vmlinuz"), "-initrd", str(self.directory / "initrd.img")]
        command += [
            "-append",
            "root=/dev/vda rw console=ttyS0 quiet systemd.show_status=no systemd.service_watchdogs=no",
        ]
        command += ["-drive", f"file={self.directory / 'disk'},if=virtio,format=raw,cache=unsafe"]
        command += ["-netdev", f"user,id=net,restrict=yes{forwards}", "-device", "virtio-net-pci,netdev=net"]
        with (self.directory / "console.log").open("ab") as console:
            self._process = subprocess.Popen(
                command, env={"PATH": os.defpath}, stdin=subprocess.DEVNULL, stdout=console, stderr=console
            )

    def wait_until_booted(self) -> None:
        """Until it accepts commands and has started what it starts."""
        assert self._process
        deadline = time.monotonic() + _BOOT_SECONDS
        while self.run("systemctl is-system-running --wait >/dev/null; true", _BOOT_SECONDS).returncode:
            assert self._process.poll() is None, f"{self.name} ended: {self.console()}"
            assert time.monotonic() < deadline, f"{self.name} does not answer: {self.console()}"
            time.sleep(2)

    def ssh_options(self) -> list[str]:
        """Patient ones: to open a connection takes seconds here."""
        return ["-o", "ConnectTimeout=120", "-o", "ServerAliveCountMax=60", *super().ssh_options()]

    def stop(self) -> None:
        """Pull the plug; the disk is thrown away, too."""
        if self._process:
            self._process.kill()
            self._process.wait()


def _install_packages(root: Path) -> None:
    """Into a root that nobody uses, on this host's network."""
    container = ["systemd-nspawn", "--quiet", f"--directory={root}", "--register=no", "--keep-unit", "--pipe"]
    container += ["--resolv-conf=off", "--timezone=off", "--setenv=DEBIAN_FRONTEND=noninteractive"]
    install = ["apt-get", "-q", "-y", "--no-install-recommends", "install", *_PACKAGES]
    done = subprocess.run([*container, *install], capture_output=True, text=True, check=False, timeout=1200)
    assert done.returncode == 0, f"{done.stdout[-2000:]}{done.stderr[-2000:]}"


@contextmanager
def emulated_machine(machine: Machine) -> Iterator[EmulatedMachine]:
    """A machine that was a container, and has been stopped, on a kernel of its own."""
    _install_packages(machine.root)
    for name, text in {"network/20-emulated.network": _NETWORK, **_PATIENCE}.items():
        path = machine.root / "etc/systemd" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    for name in ("vmlinuz", "initrd.img"):
        [file] = (machine.root / "boot").glob(f"{name}-*")
        (machine.directory / name).write_bytes(file.read_bytes())
    disk = machine.directory / "disk"
    with disk.open("wb") as file:
        file.truncate(_DISK_BYTES)
    subprocess.run(["/usr/sbin/mkfs.ext4", "-q", "-d", machine.root, disk], env={}, check=True, timeout=1200)
    emulated = EmulatedMachine(machine.name, machine.network, f"127.77.{machine.network.number}.1")
    try:
        emulated.boot()
        yield emulated
    finally:
        emulated.stop()
