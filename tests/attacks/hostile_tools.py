"""What `hostile_calls.py` is made of: single attacks, each with an outcome. Runs inside; standard library only.

An outcome is the name of an errno, the name of a signal, "done" if the attack worked, or what the attack found out.
"""

# Plain system calls are the point here.
# ruff: noqa: PTH123, PTH208

import ctypes
import errno
import mmap
import os
import platform
import signal
import socket
import subprocess
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
RUNNER = os.getppid()


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


def kill_runner() -> str:
    """With bubblewrap the runner is process 1, which signals from inside do not reach."""
    if RUNNER != 1:
        return "not tried"
    for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        os.kill(1, number)
    state = Path("/proc/1/stat").read_text().rsplit(")", 1)[1].split()[0]
    return "alive" if state in "RS" else state


def write_memory(process: int) -> str:
    def act() -> None:
        with open(f"/proc/{process}/mem", "r+b", buffering=0):
            pass

    return outcome(act)


def runner_files() -> str:
    return outcome(lambda: " ".join(os.listdir(f"/proc/{RUNNER}/fd")))


def nested_bubblewrap() -> str:
    line = ["bwrap", "--unshare-user", "--ro-bind", "/", "/", "true"]
    try:
        return f"exit {min(1, subprocess.run(line, check=False, stderr=subprocess.DEVNULL).returncode)}"
    except FileNotFoundError:
        return "ENOENT"


def become_root() -> str:
    done = subprocess.run(["su", "-c", "id -u"], check=False, capture_output=True, stdin=subprocess.DEVNULL)
    return "done" if done.stdout.strip() == b"0" else "refused"


def old_calls() -> None:
    """A 32-bit system call by machine code: mov eax, 20; int 0x80; ret."""
    code = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")
    ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()


def share_memory(path: str) -> str:
    """Map memory that stays when it is no longer mapped."""

    def act() -> None:
        fd = os.open(path, os.O_RDWR) if path else -1
        mmap.mmap(fd, 4096, mmap.MAP_SHARED)

    return outcome(act)


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
    """How many of the machine's sockets are listed."""
    try:
        tables = [Path(f"/proc/net/{name}").read_text() for name in ("tcp", "udp", "unix")]
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    lines = [line for table in tables for line in table.splitlines()[1:]]
    ours = "0100007F:1F90"  # 127.0.0.1:8080
    return str(sum(ours not in line for line in lines))


def capabilities() -> str:
    fields = dict(line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return " ".join(fields[name] for name in ("CapPrm", "CapEff", "CapAmb", "NoNewPrivs", "Seccomp"))


def mount_sources() -> str:
    return Path("/proc/self/mountinfo").read_text()


def resolves(name: str) -> bool:
    try:
        return bool(socket.getaddrinfo(name, 80))
    except OSError:
        return False


def raw_socket_call(family: int) -> int:
    number = 41 if X86 else 198
    if (fd := LIBC.syscall(ctypes.c_long(number), ctypes.c_long(family), ctypes.c_long(1), ctypes.c_long(0))) < 0:
        raise OSError(ctypes.get_errno(), "")
    return fd
