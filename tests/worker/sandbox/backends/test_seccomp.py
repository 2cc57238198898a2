"""Which system calls the filters allow, asked of the filters themselves: their BPF is run here, and nothing else is."""

import errno
import os
import socket
import struct

import pyseccomp
import pytest

from daemons.worker.sandbox.backends.seccomp import compiled_filters

# How the kernel names architectures (`linux/audit.h`): this machine's own, and one of 32 bits.
_OWN = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}[os.uname().machine]
_I386, _X32_BIT = 0x40000003, 0x40000000
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_CLONE_NEWUSER, _TIOCSTI, _MAP_SHARED, _MAP_ANONYMOUS = 0x10000000, 0x5412, 1, 0x20


def decided(code: bytes, number: int, arguments: tuple[int, ...], architecture: int) -> int:
    """What a filter answers to a call, as the kernel would run it (`linux/filter.h`)."""
    data = struct.pack("<IIQ6Q", number & 0xFFFFFFFF, architecture, 0, *(*arguments, *[0] * 6)[:6])
    program = list(struct.iter_unpack("<HBBI", code))
    accumulator, at = 0, 0
    while True:
        operation, if_true, if_false, value = program[at]
        at += 1
        match operation:
            case 0x20:  # load a word of the call
                (accumulator,) = struct.unpack_from("<I", data, value)
            case 0x54:  # and
                accumulator &= value
            case 0x05:  # jump
                at += value
            case 0x15 | 0x25 | 0x35:  # jump if equal, above, at least
                holds = {0x15: accumulator == value, 0x25: accumulator > value, 0x35: accumulator >= value}[operation]
                at += if_true if holds else if_false
            case 0x06:  # return
                return int(value)
            case _:
                raise AssertionError(f"an instruction that this test does not know: {operation:#x}")


def answer(name: str | int, *arguments: int, architecture: int = _OWN) -> int | None:
    """The error that the program gets; 0 if both filters allow the call, None if it is killed."""
    number = name if isinstance(name, int) else pyseccomp.resolve_syscall(pyseccomp.system_arch(), name)
    answers = [decided(code, number, arguments, architecture) for code in compiled_filters()]
    if any(one & 0xFFFF0000 == _KILL for one in answers):
        return None
    return max(0 if one == _ALLOW else one & 0xFFFF for one in answers)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (("read", 0), 0),
        (("unshare", _CLONE_NEWUSER), errno.EPERM),
        (("ptrace",), errno.EPERM),
        (("io_uring_setup",), errno.EPERM),
        (("clone3",), errno.ENOSYS),
        (("memfd_create",), errno.ENOSYS),
        ((9999,), errno.ENOSYS),
        (("clone", 0x1200011), 0),
        (("clone", 0x1200011 | _CLONE_NEWUSER), errno.EPERM),
        (("socket", socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_CLOEXEC, socket.IPPROTO_TCP), 0),
        (("socket", socket.AF_INET, socket.SOCK_RAW, 0), errno.EPERM),
        (("socket", socket.AF_INET, socket.SOCK_STREAM, 132), errno.EPROTONOSUPPORT),
        (("socket", socket.AF_INET6, socket.SOCK_STREAM, 0), errno.EAFNOSUPPORT),
        (("socket", socket.AF_UNIX, socket.SOCK_STREAM, 0), errno.EAFNOSUPPORT),
        (("socketpair", socket.AF_UNIX, socket.SOCK_STREAM, 0), 0),
        (("ioctl", 0, _TIOCSTI), errno.EPERM),
        (("ioctl", 0, _TIOCSTI | 1 << 32), errno.EPERM),
        (("mmap", 0, 4096, 3, _MAP_SHARED | _MAP_ANONYMOUS), errno.EPERM),
        (("mmap", 0, 4096, 3, _MAP_SHARED), 0),
        (("fchmodat", 0, 0, 0o4755), errno.EPERM),
        (("fchmodat", 0, 0, 0o755), 0),
        (("openat", 0, 0, os.O_CREAT, 0o2755), errno.EPERM),
        (("openat", 0, 0, 0, 0o2755), 0),
    ],
)
def test_a_call_is_allowed_by_its_number_and_its_arguments(
    call: tuple[str | int, *tuple[int, ...]], error: int
) -> None:
    """I7"""
    assert answer(*call) == error


def test_calls_of_another_architecture_kill() -> None:
    """Their numbers mean something else."""
    assert answer(3, architecture=_I386) is None
    assert answer(_X32_BIT | 1) in (None, errno.ENOSYS)
