"""Makes two seccomp filters that say which system calls a program in the sandbox may make; both apply together.

The first lists the calls that exist: another one fails with "no such call" (ENOSYS), so that programs fall back, and a
dangerous one with "not permitted" (EPERM). The second refuses listed calls by their arguments. A call of another
architecture (32 bit, x32) kills the process.
"""

import errno
import functools
import os
import socket
from types import ModuleType

# Every listed call works on bytes, files, memory, time and processes that the sandbox already has.
_ALLOWED = """
accept accept4 access alarm arch_prctl bind brk capget capset chdir chmod chown clock_getres clock_gettime
clock_nanosleep clone close close_range connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1
epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 execve execveat exit exit_group faccessat faccessat2
fadvise64 fallocate fchdir fchmod fchmodat fchmodat2 fchown fchownat fcntl fdatasync fgetxattr flistxattr flock fork
fstat fstatfs fsync ftruncate futex futex_waitv futimesat get_robust_list getcpu getcwd getdents getdents64 getegid
geteuid getgid getgroups getitimer getpeername getpgid getpgrp getpid getppid getpriority getrandom getresgid
getresuid getrlimit getrusage getsid getsockname getsockopt gettid gettimeofday getuid getxattr inotify_add_watch
inotify_init inotify_init1 inotify_rm_watch ioctl ioprio_get kill lchown lgetxattr link linkat listen listxattr
llistxattr lseek lstat madvise membarrier mincore mkdir mkdirat mknod mknodat mlock mlock2 mmap mprotect mremap msync
munlock munmap nanosleep newfstatat open openat pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free
pkey_mprotect poll ppoll prctl pread64 preadv preadv2 prlimit64 pselect6 pwrite64 pwritev pwritev2 read readahead
readlink readlinkat readv recvfrom recvmmsg recvmsg rename renameat renameat2 restart_syscall rmdir rseq
rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait
rt_tgsigqueueinfo sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr sched_getparam
sched_getscheduler sched_rr_get_interval sched_setaffinity sched_yield seccomp select sendfile sendmmsg sendmsg
sendto set_robust_list set_tid_address setgid setgroups setitimer setpgid setpriority setresgid setresuid setrlimit
setsid setsockopt setuid shutdown sigaltstack signalfd signalfd4 socket socketpair splice stat statfs statx symlink
symlinkat sync sync_file_range syncfs sysinfo tgkill time timer_create timer_delete timer_getoverrun timer_gettime
timer_settime timerfd_create timerfd_gettime timerfd_settime times tkill truncate umask uname unlink unlinkat utime
utimensat utimes vfork wait4 waitid write writev
"""

# New namespaces and mounts, other processes' memory, and kernel interfaces that have led out of sandboxes before.
_FORBIDDEN = """
unshare setns mount umount2 pivot_root chroot move_mount open_tree open_tree_attr fsopen fsconfig fsmount fspick
mount_setattr listmount statmount ptrace process_vm_readv process_vm_writev process_madvise pidfd_getfd kcmp
io_uring_setup io_uring_enter io_uring_register io_setup io_submit io_destroy io_cancel io_getevents io_pgetevents
bpf perf_event_open userfaultfd keyctl add_key request_key open_by_handle_at name_to_handle_at fanotify_init
fanotify_mark kexec_load kexec_file_load init_module finit_module delete_module reboot swapon swapoff acct quotactl
quotactl_fd syslog vhangup lookup_dcookie uselib iopl ioperm modify_ldt settimeofday clock_settime adjtimex
clock_adjtime sethostname setdomainname mbind set_mempolicy set_mempolicy_home_node migrate_pages move_pages
personality msgget msgsnd msgrcv msgctl semget semop semctl semtimedop shmget shmat shmctl shmdt mq_open mq_unlink
mq_timedsend mq_timedreceive mq_notify mq_getsetattr memfd_secret
"""

# clone3 and openat2 are not listed: they pass their arguments by pointer, which no filter can follow, and callers fall
# back. memfd_create is not listed because it makes memory that no limit of ours counts.

_NAMESPACE_FLAGS = (0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)
_SET_ID_BITS = (0o4000, 0o2000)
_CREATING_FLAGS = (os.O_CREAT, 0o20000000)  # the second is O_TMPFILE without O_DIRECTORY
_TERMINAL_COMMANDS = (0x5412, 0x541C)  # TIOCSTI and TIOCLINUX type into a terminal
_SOCKET_KINDS = (3, 4, 5, 6, 10)  # raw, and the rare ones
_SHARED_ANONYMOUS = 0x21  # MAP_SHARED with MAP_ANONYMOUS: memory that outlives its mapping, so nobody could count it
_LOWER_HALF = 0xFFFFFFFF  # the kernel reads an int from 64 bits


# The position of the argument that is the mode of what the call makes or changes.
_MODE_POSITIONS = dict.fromkeys(("chmod", "fchmod", "creat", "mkdir", "mknod"), 1) | dict.fromkeys(
    ("fchmodat", "fchmodat2", "mkdirat", "mknodat"), 2
)


@functools.cache
def compiled_filters() -> tuple[bytes, bytes]:
    """Both filters as BPF programs for this machine. Raises RuntimeError or OSError if libseccomp is missing."""
    import pyseccomp as lib  # noqa: PLC0415 (importing it fails without libseccomp, which `probe` explains)

    exists = _Filter(lib, lib.ERRNO(errno.ENOSYS))
    for name in _ALLOWED.split():
        exists.rule(lib.ALLOW, name)
    for name in _FORBIDDEN.split():
        exists.rule(lib.ERRNO(errno.EPERM), name)
    return exists.export(), _refused_arguments(lib).export()


class _Filter:
    """A filter for this machine's own architecture; calls of any other kill the process."""

    def __init__(self, lib: ModuleType, default: int) -> None:
        self._lib = lib
        self._rules = lib.SyscallFilter(default)
        self._rules.set_attr(lib.Attr.ACT_BADARCH, lib.KILL_PROCESS)

    def rule(self, action: int, name: str, *conditions: object) -> None:
        """Add a rule; a call that this architecture or library doesn't know gets the default."""
        number = self._lib.resolve_syscall(self._lib.system_arch(), name)
        if number >= 0:
            self._rules.add_rule(action, number, *conditions)

    def refuse_bits(self, name: str, *bits: tuple[int, int]) -> None:
        """Refuse calls whose arguments, given as position and bits, have all those bits."""
        conditions = [self._lib.Arg(position, self._lib.MASKED_EQ, mask, mask) for position, mask in bits]
        self.rule(self._lib.ERRNO(errno.EPERM), name, *conditions)

    def export(self) -> bytes:
        """The filter as a BPF program."""
        with os.fdopen(os.memfd_create("filter"), "r+b") as file:
            self._rules.export_bpf(file)
            file.seek(0)
            return file.read()


def _refused_arguments(lib: ModuleType) -> _Filter:
    refusals = _Filter(lib, lib.ALLOW)
    for flag in _NAMESPACE_FLAGS:
        refusals.refuse_bits("clone", (0, flag))
    for command in _TERMINAL_COMMANDS:
        refusals.rule(lib.ERRNO(errno.EPERM), "ioctl", lib.Arg(1, lib.MASKED_EQ, _LOWER_HALF, command))
    refusals.refuse_bits("mmap", (3, _SHARED_ANONYMOUS))
    _refuse_sockets(lib, refusals)
    for bit in _SET_ID_BITS:
        for name, position in _MODE_POSITIONS.items():
            refusals.refuse_bits(name, (position, bit))
        for flag in _CREATING_FLAGS:
            refusals.refuse_bits("open", (1, flag), (2, bit))
            refusals.refuse_bits("openat", (2, flag), (3, bit))
    return refusals


def _refuse_sockets(lib: ModuleType, refusals: _Filter) -> None:
    """Allow only TCP and UDP over IPv4, and pairs of UNIX sockets, which event loops need."""
    no_family = lib.ERRNO(errno.EAFNOSUPPORT)
    refusals.rule(no_family, "socket", lib.Arg(0, lib.NE, socket.AF_INET))
    refusals.rule(no_family, "socketpair", lib.Arg(0, lib.NE, socket.AF_UNIX))
    refusals.rule(lib.ERRNO(errno.EPROTONOSUPPORT), "socket", lib.Arg(2, lib.GT, socket.IPPROTO_UDP))
    for kind in _SOCKET_KINDS:
        refusals.rule(lib.ERRNO(errno.EPERM), "socket", lib.Arg(1, lib.MASKED_EQ, 0xF, kind))
