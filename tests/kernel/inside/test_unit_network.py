"""IPAddressDeny= holds by itself: a run whose network namespace had another address could still not use it (I7)."""

import secrets
import subprocess

import pytest

from tests.support.sandbox_run import processes_with, run_in_sandbox

pytestmark = pytest.mark.kernel


def test_other_addresses_are_refused_in_the_namespace_too() -> None:
    """The address is on the loopback device, so without the filter the datagram would arrive."""
    marker = secrets.token_hex(8)
    code = f"""
import errno, socket, time
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sender.sendto(b'x', ('127.0.0.1', 9))
print('up', flush=True)
while True:
    try: sender.sendto(b'x', ('198.51.100.1', 9))
    except OSError as error:
        if error.errno == errno.ENETUNREACH:
            time.sleep(0.1)
            continue
        print(errno.errorcode[error.errno])
    else: print('sent')
    break
# {marker}
"""
    lines: list[bytes] = []

    def give_address(line: bytes) -> None:
        lines.append(line)
        if line == b"up":
            [program] = processes_with(marker)
            command = [
                "nsenter",
                f"--target={program}",
                "--net",
                "ip",
                "address",
                "add",
                "198.51.100.1/32",
                "dev",
                "lo",
            ]
            subprocess.run(command, check=True, timeout=60)

    run_in_sandbox(code, on_line=give_address)
    assert lines == [b"up", b"EPERM"]
