"""The folder `.run`: its layout, its permissions (for its owner only), and its lock while a system runs from it."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

from shared.domain.errors import Conflict, NotAllowed

RUN_DIRECTORY = "PAGEWRIGHT_RUN_DIRECTORY"
CHECKOUT = Path(__file__).resolve().parents[2]
# The kernel's limit is 108 bytes; supervisor and nginx append up to 10 to the name that they are given.
_LONGEST_SOCKET_FOLDER = 70


@dataclass(frozen=True)
class RunFolder:
    """The paths of one local run."""

    root: Path
    sockets: Path

    @classmethod
    def at(cls, root: Path) -> "RunFolder":
        """The folder with this root, whether it is there or not."""
        return cls(root, _socket_folder(root))

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def environment_file(self) -> Path:
        return self.root / "env"

    @property
    def trusted_keys(self) -> Path:
        return self.root / "trusted-keys"

    @property
    def sites(self) -> Path:
        return self.root / "sites"

    @property
    def restoring(self) -> Path:
        """Where a restore gathers its files; while it exists, nothing may start from this folder."""
        return self.root / "restoring"

    def data(self, name: str) -> Path:
        """The folder of one daemon, made if need be."""
        return private_folder(self.root / name)

    def socket(self, name: str) -> Path:
        return self.sockets / f"{name}.sock"

    def address(self, name: str) -> str:
        return f"unix:{self.socket(name)}"


def open_run_folder(root: Path | None = None) -> RunFolder:
    """The folder, made if need be; by default `.run` in the checkout, or what PAGEWRIGHT_RUN_DIRECTORY says."""
    folder = RunFolder.at((root or run_root()).absolute())
    for path in (folder.root, folder.logs, folder.sockets):
        private_folder(path)
    return folder


def run_root() -> Path:
    """Where the local run of this checkout keeps its state, unless PAGEWRIGHT_RUN_DIRECTORY says another place."""
    return Path(os.environ.get(RUN_DIRECTORY) or CHECKOUT / ".run").absolute()


def private_folder(path: Path) -> Path:
    """A folder of ours, closed to others; raises NotAllowed if it belongs to another user."""
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
    status = path.lstat()
    if path.is_symlink() or status.st_uid != os.geteuid():
        raise NotAllowed(f"{path} belongs to another user.", "Run as its owner, or remove it.")
    path.chmod(0o700)
    return path


def _socket_folder(root: Path) -> Path:
    """Below the folder itself, or somewhere short when its path is too long for a UNIX socket."""
    if len(os.fsencode(root)) <= _LONGEST_SOCKET_FOLDER:
        return root / "sockets"
    name = hashlib.sha256(os.fsencode(root)).hexdigest()[:12]
    return Path(os.environ.get("XDG_RUNTIME_DIR") or gettempdir()) / f"pagewright-{os.geteuid()}-{name}"


@contextmanager
def locked(folder: RunFolder) -> Iterator[None]:
    """Lock the folder for one running system, at most until this process ends; raises Conflict if it is locked."""
    with (folder.root / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip()
            raise Conflict(
                f"PageWright is already running from this folder (process {holder}).",
                f"Use it, or stop it with Ctrl-C in its terminal or `kill {holder}`.",
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def is_running(folder: RunFolder) -> bool:
    """Whether a system runs from this folder, or is just starting."""
    try:
        with locked(folder):
            return False
    except Conflict:
        return True
