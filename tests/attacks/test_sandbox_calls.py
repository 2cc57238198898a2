"""Attacks 1 to 30 and 38: one hostile program tries them all in a real sandbox, each outcome is one test (I7)."""

import asyncio
import json
import os
import platform
import socket
from pathlib import Path

import pytest

from daemons.worker.sandbox import Plan, RunLimits
from tests.support.sandbox_run import IS_UNIT, open_session
from tests.support.slowness import SLOWNESS

_SECRET = "a-secret-of-the-worker"
_PROGRAMS = [Path(__file__).parent / name for name in ("hostile_calls.py", "hostile_tools.py")]

_DENIED = {"EROFS", "EACCES", "EPERM", "EBUSY"}
_NO_FAMILY = {"EAFNOSUPPORT"}
_GONE = {"ENOENT"}
_NOT_PERMITTED = {"EPERM"}
_NO_SUCH_CALL = {"ENOSYS"}
_UNREACHABLE = {"ENETUNREACH"}

EXPECTED = {
    "1 shadow": _GONE,
    "1 root's keys": _GONE,
    "1 hostname": _GONE,
    "1 local programs": {"empty", "ENOENT"},
    "2 environments": {"clean"},
    "2 environment of 1": {"EACCES"},
    "2 descriptors": {"0 1 2"},
    "3 home": _GONE,
    "3 srv": _GONE,
    "3 var": _GONE,
    "3 run": _GONE,
    "4 processes": {"1"},
    "5 tcp": _UNREACHABLE,
    "5 udp": _UNREACHABLE,
    "5 names": {"none"},
    "5 metadata": _UNREACHABLE,
    "5 host's loopback": {"ECONNREFUSED"},
    "6 abstract socket": _NO_FAMILY,
    "7 unix": _NO_FAMILY,
    "7 inet6": _NO_FAMILY,
    "7 netlink": _NO_FAMILY | _NOT_PERMITTED,
    "7 alg": _NO_FAMILY | _NOT_PERMITTED,
    "7 upper bits": _NO_FAMILY,
    "7 mptcp": {"EPROTONOSUPPORT"},
    "7 pair": {"done"},  # event loops need it, and it leads nowhere
    "8 vsock": _NO_FAMILY,
    "9 packet": _NO_FAMILY | _NOT_PERMITTED,
    "9 raw": _NOT_PERMITTED,
    "11 clone3": _NO_SUCH_CALL,
    "11 nested bwrap": {"exit 1"} | _GONE,
    "14 runner's memory": {"EACCES"},
    "14 runner's files": {"EACCES"},
    "15 kill the runner": {"alive"},
    "17 mknod": _NOT_PERMITTED,
    "18 fchmodat2": _NOT_PERMITTED | _NO_SUCH_CALL,
    "18 openat2": _NO_SUCH_CALL,
    "19 su": {"refused"},
    "19 capabilities": {"0000000000000000 0000000000000000 0000000000000000 1 2"},
    "20 /": _DENIED,
    "20 /usr": _DENIED,
    "20 /opt": _DENIED,
    "20 /etc": _DENIED,
    "20 /dev": _DENIED,
    "22 kvm": _GONE,
    "22 mem": _GONE,
    "22 fuse": _GONE,
    "22 vsock": _GONE,
    "24 memfd_create": _NO_SUCH_CALL,
    "24 unheard_of": _NO_SUCH_CALL,
    "25 core_pattern": _DENIED,
    "25 sysrq": _DENIED | _GONE,
    "25 namespaces": _DENIED,
    "26 kernel addresses": {"hidden", "ENOENT", "EACCES"},
    "26 sockets": {"0"} | _GONE,
    "27 cgroup": _GONE,
    "29 port": {"EADDRINUSE"},
    "31 shared memory": _NOT_PERMITTED,
    "31 shared zeros": {"ENODEV"},
    "31 zeros": {str(b"\0\0")},  # it still reads as it should
    "38 rename": _DENIED,
    "38 rmdir": _DENIED,
    **{f"10 {name}": _NOT_PERMITTED for name in ("io_uring_setup", "io_uring_enter", "io_uring_register")},
    **{f"11 {name}": _NOT_PERMITTED for name in ("unshare user", "unshare mounts", "setns")},
    **{f"11 {name}": _NOT_PERMITTED for name in ("clone user", "clone mounts")},
    **{f"12 {name}": _NOT_PERMITTED for name in "mount umount2 chroot pivot_root fsopen fsconfig fsmount".split()},
    **{f"12 {name}": _NOT_PERMITTED for name in "fspick open_tree move_mount mount_setattr".split()},
    **{f"13 {name}": _NOT_PERMITTED for name in "ptrace process_vm_readv process_vm_writev pidfd_getfd".split()},
    **{f"16 {name}": _NOT_PERMITTED for name in ("TIOCSTI", "TIOCSTI with upper bits", "TIOCLINUX")},
    **{f"18 {name}": _NOT_PERMITTED for name in ("chmod", "fchmod", "open", "open without a name", "mkdir", "mknod")},
    **{f"23 {name}": _NOT_PERMITTED for name in "keyctl add_key request_key userfaultfd".split()},
    **{
        f"24 {name}": _NOT_PERMITTED
        for name in (
            "bpf perf_event_open syslog open_by_handle_at name_to_handle_at kcmp process_madvise personality"
            " kexec_load init_module finit_module reboot fanotify_init shmget msgget quotactl quotactl_fd settimeofday"
        ).split()
    },
    "24 memfd_secret": _NOT_PERMITTED | _NO_SUCH_CALL,
}
if platform.machine() == "x86_64":
    EXPECTED |= {"10 io_setup": _NOT_PERMITTED, "28 x32": {"SIGSYS"}, "28 32 bit": {"SIGSYS"}}
if IS_UNIT:  # places are there and closed, /proc shows one's own processes only, and the cgroup counts all memory
    EXPECTED |= {f"{number} {name}": _GONE | _DENIED for number, name in ((1, "root's keys"), (1, "local programs"))}
    EXPECTED |= {f"3 {name}": _GONE | _DENIED for name in ("home", "var")}
    EXPECTED |= {"3 run": {"['systemd']", "['host', 'systemd']"}}  # systemd's mount points, and os-release
    EXPECTED |= {f"25 {name}": _GONE for name in ("core_pattern", "namespaces")}
    EXPECTED |= dict.fromkeys(("2 environment of 1", "14 runner's memory", "14 runner's files"), _GONE)
    EXPECTED |= {"4 processes": {""}, "27 cgroup": _DENIED, "31 shared zeros": {"done"}}
    # Here it is no process 1, and its end is the run's: tests/worker/sandbox/test_session_end.py.
    EXPECTED |= {"15 kill the runner": {"not tried"}}


@pytest.fixture(scope="module")
def outcomes(sandbox: None) -> dict[str, str]:
    """What the hostile program reports, with a secret in the worker's environment and a listener on the host."""
    lines: list[bytes] = []

    async def attack(port: int) -> None:
        plan = Plan(
            argv=("/usr/bin/python3", "/agent/hostile_calls.py", _SECRET[::-1], str(port)),
            limits=RunLimits(wall_seconds=60 * SLOWNESS),
            home={file.name: file.read_bytes() for file in _PROGRAMS},
            relay=True,
        )
        async with open_session(plan, on_line=lines.append, relay=lambda _: asyncio.sleep(3600)) as session:
            ended = await session.run({})
        assert ended.exit_code == 0, ended.error_output.decode()

    with pytest.MonkeyPatch.context() as patch, socket.create_server(("127.0.0.1", 0)) as listener:
        # The program knows the secret backwards only, else its own command line would be a leak.
        patch.setenv("PAGEWRIGHT_SECRET", _SECRET)
        asyncio.run(attack(listener.getsockname()[1]))
    report: dict[str, str] = json.loads(lines[-1])
    return report


@pytest.mark.parametrize("attack", EXPECTED)
def test_attack_fails(attack: str, outcomes: dict[str, str]) -> None:
    """I7: nothing the agent writes reaches outside the sandbox."""
    assert outcomes[attack] in EXPECTED[attack]


def test_root_has_only_what_the_plan_lists(outcomes: dict[str, str]) -> None:
    """I7, attack 3: the root is an allow-list."""
    allowed = set("agent bin dev etc lib lib32 lib64 opt proc sbin scratch tmp usr ws".split())
    if IS_UNIT:
        allowed |= {"home", "root", "run", "sys", "var"}  # empty or closed
    assert set(outcomes["3 root's names"].split()) <= allowed


def test_mount_table_names_no_other_place(outcomes: dict[str, str]) -> None:
    """Attack 3: of this machine's folders only programs and libraries are named inside."""
    homes = {os.fspath(Path.home()), "/home", "/root"} - {"/"}  # a daemon's user has no other home
    assert not homes & {line.split()[3] for line in outcomes["sources"].splitlines()}
