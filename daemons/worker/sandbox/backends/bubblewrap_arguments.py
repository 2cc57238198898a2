"""Turns a plan into bubblewrap's arguments: what is visible inside, what can be written, and which user runs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from daemons.worker.sandbox.plan import Mount, Plan, RunLimits

RUNNER_ROOT = "/opt/runner"
# The runner's files in the folder above; the jail has nothing else of ours, except the program's own files.
RUNNER_PARTS = ("inside", "protocol.py")
_NAMESPACES = ("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup")
_HOME_BYTES = 256 << 20
_SCRATCH_BYTES = 256 << 20
_SHARED_MEMORY_BYTES = 64 << 20


@dataclass(frozen=True)
class User:
    """The user of the program inside: its number there, and whether the runner must change to it from root."""

    number: int
    from_root: bool


def arguments(plan: Plan, user: User, *, disable_userns: bool, data_fds: dict[str, int]) -> list[str]:
    """bubblewrap's arguments for a plan. `data_fds` are open files: passwd, group, calls, refusals, info, userns."""
    return [
        *_identity(user, data_fds, disable_userns=disable_userns),
        *("--die-with-parent", "--new-session", "--as-pid-1", "--clearenv", "--chdir", "/"),
        *_system(data_fds),
        *_writable(plan.limits),
        *_mounts(plan.programs),
        *("--remount-ro", "/"),
        *("--add-seccomp-fd", str(data_fds["calls"]), "--add-seccomp-fd", str(data_fds["refusals"])),
        *("--info-fd", str(data_fds["info"])),
    ]


def _identity(user: User, data_fds: dict[str, int], *, disable_userns: bool) -> list[str]:
    if user.from_root:
        made = ["--userns", str(data_fds["userns"])]
        return [*made, *_NAMESPACES, "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    number = str(user.number)
    nested = ["--disable-userns"] if disable_userns else []
    return ["--unshare-user", *nested, *_NAMESPACES, "--cap-drop", "ALL", "--uid", number, "--gid", number]


def _system(data_fds: dict[str, int]) -> list[str]:
    """The machine's programs and libraries without locally installed ones, and an almost empty /etc."""
    made = ["--ro-bind", "/usr", "/usr"]
    for hidden in ("/usr/local", "/usr/src"):
        if Path(hidden).is_dir():
            made += ["--tmpfs", hidden, "--remount-ro", hidden]
    for name in ("/bin", "/sbin", "/lib", "/lib64", "/lib32"):
        if Path(name).is_symlink():
            made += ["--symlink", str(Path(name).readlink()), name]
    # /dev/full reads as zeros too, but unlike /dev/zero it can't be mapped as memory that no limit counts.
    made += ["--proc", "/proc", "--dev", "/dev", "--dev-bind", "/dev/full", "/dev/zero"]
    for name in ("passwd", "group"):
        made += ["--perms", "0444", "--file", str(data_fds[name]), f"/etc/{name}"]
    for name in ("/etc/ld.so.cache", "/etc/alternatives"):
        made += ["--ro-bind-try", name, name]
    return made


def _writable(limits: RunLimits) -> list[str]:
    sizes = {
        "/dev/shm": _SHARED_MEMORY_BYTES,  # noqa: S108
        "/scratch": _SCRATCH_BYTES,
        "/agent": _HOME_BYTES,
        "/ws": limits.workspace_bytes,
    }
    made = []
    for name, size in sizes.items():
        made += ["--perms", "0777", "--size", str(size), "--tmpfs", name]
    return [*made, "--symlink", "scratch", "/tmp", "--remount-ro", "/dev"]  # noqa: S108


def _mounts(programs: Sequence[Mount]) -> list[str]:
    sandbox = Path(__file__).parents[1]
    runner = [Mount(sandbox / name, f"{RUNNER_ROOT}/daemons/worker/sandbox/{name}") for name in RUNNER_PARTS]
    mounts = (*programs, *runner)
    folders = {str(folder) for mount in mounts for folder in PurePosixPath(mount.target).parents}
    made = [part for folder in sorted(folders - {"/", "/etc"}) for part in ("--perms", "0755", "--dir", folder)]
    return made + [part for mount in mounts for part in ("--ro-bind", str(mount.source), mount.target)]
