"""Runs inside the sandbox and tries what a hostile program would; prints a JSON object: name of the attack → outcome.

An outcome is the name of an errno, the name of a signal, "done" if the attack worked, or what the attack found out.
Names begin with the number of the attack in docs/sandbox.md's table. Standard library only.
"""

import ctypes
import errno
import json
import mmap
import os
import platform
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)
X86 = platform.machine() == "x86_64"
# Numbers that differ: x86_64, aarch64. Newer calls have one number everywhere.
NUMBERS = {
    name: pair[0 if X86 else 1]
    for name, pair in {
        "clone": (56, 220),
        "unshare": (272, 97),
        "setns": (308, 268),
        "mount": (165, 40),
        "umount2": (166, 39),
        "pivot_root": (155, 41),
        "chroot": (161, 51),
        "ptrace": (101, 117),
        "process_vm_readv": (310, 270),
        "process_vm_writev": (311, 271),
        "kcmp": (312, 272),
        "bpf": (321, 280),
        "perf_event_open": (298, 241),
        "userfaultfd": (323, 282),
        "keyctl": (250, 219),
        "add_key": (248, 217),
        "request_key": (249, 218),
        "syslog": (103, 116),
        "open_by_handle_at": (304, 265),
        "name_to_handle_at": (303, 264),
        "personality": (135, 92),
        "kexec_load": (246, 104),
        "init_module": (175, 105),
        "finit_module": (313, 273),
        "reboot": (169, 142),
        "fanotify_init": (300, 262),
        "shmget": (29, 194),
        "msgget": (68, 186),
        "memfd_create": (319, 279),
        "ioctl": (16, 29),
        "quotactl": (179, 60),
        "settimeofday": (164, 170),
        "io_setup": (206, 0),
    }.items()
} | {
    "clone3": 435,
    "openat2": 437,
    "pidfd_getfd": 438,
    "process_madvise": 440,
    "fchmodat2": 452,
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "fsconfig": 431,
    "fsmount": 432,
    "fspick": 433,
    "mount_setattr": 442,
    "quotactl_fd": 443,
    "landlock_create_ruleset": 444,
    "memfd_secret": 447,
    "unheard_of": 999,
}
NEWUSER, NEWNS = 0x10000000, 0x20000


def call(name: str, *arguments: object) -> str:
    """Make a raw system call: "done" or the name of its errno."""
    values = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    if LIBC.syscall(ctypes.c_long(NUMBERS[name]), *values) >= 0:
        return "done"
    return errno.errorcode[ctypes.get_errno()]


def outcome(act: Callable[[], object]) -> str:
    """What became of an attack that Python can express."""
    try:
        result = act()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error))
    return "done" if result is None or isinstance(result, int | socket.socket) else str(result)


def in_child(act: Callable[[], object]) -> str:
    """The same in a process of its own: the signal that killed it, or done."""
    pid = os.fork()
    if pid == 0:
        act()
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    return signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else "done"


def read(path: str) -> str:
    return outcome(lambda: Path(path).read_bytes())


def write(path: str) -> str:
    def act() -> None:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
        os.write(fd, b"x")

    return outcome(act)


def create(flags: int, mode: int) -> str:
    def act() -> None:
        os.close(os.open("/ws/new-%o" % mode if flags & os.O_CREAT else "/ws", flags, mode))  # noqa: UP031

    return outcome(act)


def connect(host: str, port: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> str:
    def act() -> None:
        with socket.socket(socket.AF_INET, kind) as one:
            one.settimeout(3)
            one.connect((host, port))
            one.send(b"x")

    return outcome(act)


def environments(secret: str) -> str:
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            data = Path(f"/proc/{process}/environ").read_bytes()
        except OSError:
            continue
        if secret.encode() in data:
            return "leaked"
    return "clean"


def visible_processes() -> str:
    found = {pid for pid in os.listdir("/proc") if pid.isdigit()}
    return " ".join(sorted(found - {str(os.getpid())}))


def kill_first() -> str:
    for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        os.kill(1, number)
    state = Path("/proc/1/stat").read_text().rsplit(")", 1)[1].split()[0]
    return "alive" if state in "RS" else state


def write_memory(process: int) -> str:
    def act() -> None:
        with open(f"/proc/{process}/mem", "r+b", buffering=0):
            pass

    return outcome(act)


def first_process_files() -> str:
    return outcome(lambda: " ".join(os.listdir("/proc/1/fd")))


def nested_bubblewrap() -> str:
    line = ["bwrap", "--unshare-user", "--ro-bind", "/", "/", "true"]
    return f"exit {min(1, subprocess.run(line, check=False, stderr=subprocess.DEVNULL).returncode)}"


def become_root() -> str:
    done = subprocess.run(["su", "-c", "id -u"], check=False, capture_output=True, stdin=subprocess.DEVNULL)
    return "done" if done.stdout.strip() == b"0" else "refused"


def old_calls() -> None:
    """A 32-bit system call by machine code: mov eax, 20; int 0x80; ret."""
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")
    ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()


def steal_port() -> str:
    def act() -> None:
        with socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            one.bind(("127.0.0.1", 8080))
            one.listen()

    return outcome(act)


def kernel_addresses() -> str:
    try:
        lines = Path("/proc/kallsyms").read_text().splitlines()[:1000]
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    return "hidden" if all(set(line.split()[0]) <= {"0"} for line in lines) else "shown"


def foreign_sockets() -> str:
    lines = [line for name in ("tcp", "udp", "unix") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    ours = "0100007F:1F90"  # 127.0.0.1:8080
    return str(sum(ours not in line for line in lines))


def capabilities() -> str:
    fields = dict(line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return " ".join(fields[name] for name in ("CapPrm", "CapEff", "CapAmb", "NoNewPrivs", "Seccomp"))


def mount_sources() -> str:
    return Path("/proc/self/mountinfo").read_text()


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
        "2 environment of 1": read("/proc/1/environ"),
        "3 home": outcome(lambda: os.listdir("/home")),
        "3 srv": outcome(lambda: os.listdir("/srv")),
        "3 var": outcome(lambda: os.listdir("/var/lib")),
        "3 run": outcome(lambda: os.listdir("/run")),
        "3 root's names": " ".join(sorted(os.listdir("/"))),
        "4 processes": visible_processes(),
        "5 tcp": connect("1.1.1.1", 443),
        "5 udp": connect("8.8.8.8", 53, socket.SOCK_DGRAM),
        "5 names": "none" if not _resolves("example.org") else "done",
        "5 metadata": connect("169.254.169.254", 80),
        "5 host's loopback": connect("127.0.0.1", host_port),
        "6 abstract socket": outcome(lambda: socket.socket(socket.AF_UNIX).connect("\0host")),
        "7 unix": outcome(lambda: socket.socket(socket.AF_UNIX)),
        "7 inet6": outcome(lambda: socket.socket(socket.AF_INET6)),
        "7 netlink": outcome(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)),
        "7 alg": outcome(lambda: socket.socket(38, socket.SOCK_SEQPACKET)),
        "7 upper bits": outcome(lambda: _raw_socket_call(1 << 32 | 1)),
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
        "13 pidfd_getfd": call("pidfd_getfd", os.pidfd_open(1), 0, 0),
        "14 runner's memory": write_memory(1),
        "14 runner's files": first_process_files(),
        "15 kill the runner": kill_first(),
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
        "20 /opt": write(__file__),
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


def _resolves(name: str) -> bool:
    try:
        return bool(socket.getaddrinfo(name, 80))
    except OSError:
        return False


def _raw_socket_call(family: int) -> int:
    number = 41 if X86 else 198
    if (fd := LIBC.syscall(ctypes.c_long(number), ctypes.c_long(family), ctypes.c_long(1), ctypes.c_long(0))) < 0:
        raise OSError(ctypes.get_errno(), "")
    return fd


if __name__ == "__main__":
    print(json.dumps(attacks(sys.argv[1][::-1], int(sys.argv[2]))))
