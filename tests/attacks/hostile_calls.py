"""Runs inside the sandbox and tries what a hostile program would; prints a JSON object: name of the attack → outcome.

Names begin with the number of the attack in docs/sandbox.md's table. Standard library only.
"""

# Plain system calls are the point here.
# ruff: noqa: PTH101, PTH102, PTH104, PTH106, PTH208

import ctypes
import json
import os
import signal
import socket
import struct
import sys
from pathlib import Path

from hostile_tools import (
    LIBC,
    NEWNS,
    NEWUSER,
    RUNNER,
    X86,
    become_root,
    call,
    capabilities,
    connect,
    create,
    environments,
    foreign_sockets,
    in_child,
    kernel_addresses,
    kill_runner,
    mount_sources,
    nested_bubblewrap,
    old_calls,
    outcome,
    raw_socket_call,
    read,
    resolves,
    runner_files,
    share_memory,
    steal_port,
    visible_processes,
    write,
    write_memory,
)


def attacks(secret: str, host_port: int) -> dict[str, str]:
    """All of them, in the order of their numbers."""
    path = ctypes.c_char_p(b"/ws")
    buffer = ctypes.create_string_buffer(256)
    how = ctypes.create_string_buffer(struct.pack("QQQ", os.O_CREAT | os.O_WRONLY, 0o4755, 0))
    Path("/ws/plain").write_bytes(b"")
    plain = ctypes.c_char_p(b"/ws/plain")
    clone_args = ctypes.create_string_buffer(struct.pack("Q", NEWUSER) + bytes(80))
    at_cwd = -100
    results = {
        "1 shadow": read("/etc/shadow"),
        "1 root's keys": read("/root/.ssh/id_ed25519"),
        "1 hostname": read("/etc/hostname"),
        "1 local programs": outcome(lambda: " ".join(os.listdir("/usr/local")) or "empty"),
        "2 environments": environments(secret),
        "2 environment of 1": read(f"/proc/{RUNNER}/environ"),
        "2 descriptors": " ".join(sorted(fd for fd in os.listdir("/proc/self/fd") if _is_open(int(fd)))),
        "3 home": outcome(lambda: os.listdir("/home")),
        "3 srv": outcome(lambda: os.listdir("/srv")),
        "3 var": outcome(lambda: os.listdir("/var/lib")),
        "3 run": outcome(lambda: sorted(os.listdir("/run"))),
        "3 root's names": " ".join(sorted(os.listdir("/"))),
        "4 processes": visible_processes(),
        "5 tcp": connect("1.1.1.1", 443),
        "5 udp": connect("8.8.8.8", 53, socket.SOCK_DGRAM),
        "5 names": "none" if not resolves("example.org") else "done",
        "5 metadata": connect("169.254.169.254", 80),
        "5 host's loopback": connect("127.0.0.1", host_port),
        "6 abstract socket": outcome(lambda: socket.socket(socket.AF_UNIX).connect("\0host")),
        "7 unix": outcome(lambda: socket.socket(socket.AF_UNIX)),
        "7 inet6": outcome(lambda: socket.socket(socket.AF_INET6)),
        "7 netlink": outcome(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)),
        "7 alg": outcome(lambda: socket.socket(38, socket.SOCK_SEQPACKET)),
        "7 upper bits": outcome(lambda: raw_socket_call(1 << 32 | 1)),
        "7 mptcp": outcome(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)),
        "7 pair": outcome(lambda: [end.close() for end in socket.socketpair()] and None),
        "8 vsock": outcome(lambda: socket.socket(40, socket.SOCK_STREAM)),
        "9 packet": outcome(lambda: socket.socket(17, socket.SOCK_RAW)),
        "9 raw": outcome(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)),
        "10 io_uring_setup": call("io_uring_setup", 8, buffer),
        "10 io_uring_enter": call("io_uring_enter", 0, 0, 0, 0, 0),
        "10 io_uring_register": call("io_uring_register", 0, 0, 0, 0),
        "10 io_setup": call("io_setup", 1, buffer),
        "11 unshare user": call("unshare", NEWUSER),
        "11 unshare mounts": call("unshare", NEWNS),
        "11 setns": call("setns", 0, 0),
        "11 clone user": call("clone", NEWUSER | signal.SIGCHLD, 0, 0, 0, 0),
        "11 clone mounts": call("clone", NEWNS | signal.SIGCHLD, 0, 0, 0, 0),
        "11 clone3": call("clone3", clone_args, 88),
        "11 nested bwrap": nested_bubblewrap(),
        "12 mount": call("mount", ctypes.c_char_p(b"none"), path, ctypes.c_char_p(b"tmpfs"), 0, 0),
        "12 umount2": call("umount2", path, 2),
        "12 chroot": call("chroot", path),
        "12 pivot_root": call("pivot_root", path, path),
        "13 ptrace": call("ptrace", 16, os.getppid(), 0, 0),
        "13 process_vm_readv": call("process_vm_readv", os.getppid(), buffer, 1, buffer, 1, 0),
        "13 process_vm_writev": call("process_vm_writev", os.getppid(), buffer, 1, buffer, 1, 0),
        "13 pidfd_getfd": call("pidfd_getfd", os.pidfd_open(os.getpid()), 0, 0),
        "14 runner's memory": write_memory(RUNNER),
        "14 runner's files": runner_files(),
        "15 kill the runner": kill_runner(),
        "16 TIOCSTI": call("ioctl", 0, 0x5412, buffer),
        "16 TIOCSTI with upper bits": call("ioctl", 0, 1 << 32 | 0x5412, buffer),
        "16 TIOCLINUX": call("ioctl", 0, 0x541C, buffer),
        "17 mknod": outcome(lambda: os.mknod("/ws/device", 0o600 | 0o020000, os.makedev(1, 3))),
        "18 chmod": outcome(lambda: os.chmod("/ws/plain", 0o4755)),
        "18 fchmodat2": call("fchmodat2", at_cwd, plain, 0o4755, 0),
        "18 fchmod": outcome(lambda: os.fchmod(os.open("/ws/plain", os.O_RDONLY), 0o2755)),
        "18 open": create(os.O_CREAT | os.O_WRONLY, 0o6755),
        "18 open without a name": create(os.O_TMPFILE | os.O_WRONLY, 0o4755),
        "18 openat2": call("openat2", at_cwd, ctypes.c_char_p(b"/ws/two"), how, 24),
        "18 mkdir": outcome(lambda: os.mkdir("/ws/setgid", 0o2755)),
        "18 mknod": outcome(lambda: os.mknod("/ws/setuid", 0o104755)),
        "19 su": become_root(),
        "19 capabilities": capabilities(),
        "20 /": write("/x"),
        "20 /usr": write("/usr/bin/x"),
        "20 /opt": write("/opt/x"),
        "20 /etc": write("/etc/passwd"),
        "20 /dev": write("/dev/x"),
        "22 kvm": read("/dev/kvm"),
        "22 mem": read("/dev/mem"),
        "22 fuse": read("/dev/fuse"),
        "22 vsock": read("/dev/vsock"),
        "25 core_pattern": write("/proc/sys/kernel/core_pattern"),
        "25 sysrq": write("/proc/sysrq-trigger"),
        "25 namespaces": write("/proc/sys/user/max_user_namespaces"),
        "26 kernel addresses": kernel_addresses(),
        "26 sockets": foreign_sockets(),
        "27 cgroup": outcome(lambda: os.listdir("/sys/fs/cgroup")),
        "29 port": steal_port(),
        "31 shared memory": share_memory(""),
        "31 shared zeros": share_memory("/dev/zero"),
        "31 zeros": str(os.read(os.open("/dev/zero", os.O_RDONLY), 2)),
        "38 rename": outcome(lambda: os.rename("/ws", "/wt")),
        "38 rmdir": outcome(lambda: os.rmdir("/ws")),
        "sources": mount_sources(),
    }
    for name in "fsopen fsconfig fsmount fspick open_tree move_mount mount_setattr".split():
        results[f"12 {name}"] = call(name, 0, 0, 0, 0, 0)
    for name in "keyctl add_key request_key userfaultfd".split():
        results[f"23 {name}"] = call(name, 0, 0, 0, 0, 0)
    for name in (
        "bpf perf_event_open syslog open_by_handle_at name_to_handle_at kcmp process_madvise personality kexec_load"
        " init_module finit_module reboot fanotify_init shmget msgget quotactl quotactl_fd settimeofday memfd_secret"
    ).split():
        results[f"24 {name}"] = call(name, 0, 0, 0, 0, 0)
    for name in ("memfd_create", "unheard_of"):
        results[f"24 {name}"] = call(name, plain, 0, 0, 0, 0)
    if X86:
        results["28 x32"] = in_child(lambda: LIBC.syscall(ctypes.c_long(0x40000000 | 39)))
        results["28 32 bit"] = in_child(old_calls)
    return results


def _is_open(fd: int) -> bool:
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    print(json.dumps(attacks(sys.argv[1][::-1], int(sys.argv[2]))))
