"""What a sandboxed run sees and may use, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from shared.domain.tree import DEFAULT_LIMITS, TreeLimits

# The port of the model relay inside, on the loopback: there is no other network.
RELAY_PORT = 8080

_BASE_ENVIRONMENT = {"HOME": "/agent", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TMPDIR": "/scratch"}
_MOUNT_ROOTS = (PurePosixPath("/opt"), PurePosixPath("/etc"))


@dataclass(frozen=True)
class Mount:
    """A file or folder of this machine that is visible inside at `target`, read-only.

    `target` lies below /opt or /etc. Programs inside can read the path of `source` in /proc/self/mountinfo, so it must
    not name a customer.
    """

    source: Path
    target: str

    def __post_init__(self) -> None:
        target = PurePosixPath(self.target)
        inside = any(root in target.parents for root in _MOUNT_ROOTS)
        if not inside or ".." in target.parts or not self.source.is_absolute():
            raise ValueError(f"a mount goes from an absolute path to a path below /opt or /etc: {self}")


@dataclass(frozen=True)
class RunLimits:
    """What a run may use. `wall_seconds` counts from the moment at which the workspace is sent.

    `memory_bytes` limits the writable memory: the kernel that of each process, the runner that of all together, four
    times a second. `workspace_files` limits all files on the inner file systems, counted by the runner as often; the
    kernel limits their bytes. `file_bytes` limits one file, `output_bytes` stdout and stderr together, `line_bytes` one
    line of stdout. `collected` limits what may come back.
    """

    wall_seconds: float
    memory_bytes: int = 4 << 30
    processes: int = 256
    workspace_bytes: int = 2 * DEFAULT_LIMITS.total_bytes
    workspace_files: int = 20_000
    file_bytes: int = 64 << 20
    output_bytes: int = 64 << 20
    line_bytes: int = 2 << 20
    collected: TreeLimits = DEFAULT_LIMITS


@dataclass(frozen=True)
class Plan:
    """One sandboxed run: `argv` in /ws, with `env` added to HOME, PATH, LANG and TMPDIR, and with `stdin`.

    The files of `home` are written into /agent, the program's writable home, before it starts. With `warm` it starts
    as soon as the sandbox is up, but gets its stdin only when the workspace is in place. With `relay` it reaches the
    model relay at 127.0.0.1:RELAY_PORT. `collect` is the folder of the workspace that comes back, "" for all of it.
    """

    argv: tuple[str, ...]
    limits: RunLimits
    env: Mapping[str, str] = field(default_factory=dict)
    stdin: bytes = b""
    programs: tuple[Mount, ...] = ()
    home: Mapping[str, bytes] = field(default_factory=dict)
    relay: bool = False
    warm: bool = False
    collect: str = ""

    def __post_init__(self) -> None:
        if self.collect and (self.collect.startswith("/") or ".." in self.collect.split("/")):
            raise ValueError(f"collect is a folder of the workspace: {self.collect}")

    @property
    def environment(self) -> dict[str, str]:
        """The whole environment of the program."""
        return _BASE_ENVIRONMENT | dict(self.env)
