"""Directory trees in layers, by overlayfs: a layer is made once, cached and never changed; who uses it writes above it.

A layer counts when it has its name, which it gets in one step when it is whole and on the disk. The cache's own lock
makes the making wait for one another, and a layer in use is locked against removal; the kernel frees both locks when a
process is killed.
"""

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

CACHE = Path(os.environ.get("PAGEWRIGHT_MACHINE_CACHE") or "/var/cache/pagewright-machines")
_UNUSED_SECONDS = 3600


@dataclass(frozen=True)
class Layer:
    """What `make` writes into a root that has everything from the layers below; the recipe says it all in words."""

    kind: str
    recipe: tuple[str, ...]
    make: Callable[[Path], None]
    below: "Layer | None" = None

    @property
    def name(self) -> str:
        """It changes with what the layer, or one below it, holds."""
        text = "\0".join([self.below.name if self.below else "", *self.recipe])
        return f"{self.kind}-{sha256(text.encode()).hexdigest()[:12]}"

    @property
    def path(self) -> Path:
        return CACHE / self.name

    def stack(self) -> "list[Layer]":
        """This layer and all below it, topmost first."""
        return [self, *(self.below.stack() if self.below else [])]


@contextmanager
def held(layer: Layer) -> Iterator[list[Path]]:
    """The directories of a layer and of all below it, topmost first: made if need be (minutes), kept while in use."""
    with ExitStack() as holds:
        with locked_cache():
            clear_away(CACHE / "making")
            for part in reversed(layer.stack()):
                if not part.path.exists():
                    _make(part)
                os.utime(part.path)
                holds.enter_context(_shared(part.path))
                _remove_old(part.kind)
        yield [part.path for part in layer.stack()]


@contextmanager
def overlay(below: Sequence[Path], directory: Path) -> Iterator[Path]:
    """A root that shows the layers; what is written goes to `upper` in the directory, and is not synced by itself."""
    upper, work, root = (directory / name for name in ("upper", "work", "root"))
    for path in (upper, work, root):
        path.mkdir(parents=True, exist_ok=True)
    options = f"lowerdir={':'.join(map(str, below))},upperdir={upper},workdir={work},redirect_dir=on,volatile"
    _run("mount", "-t", "overlay", "pagewright-machine", "-o", options, str(root))
    try:
        yield root
    finally:
        _run("umount", str(root))


def clear_away(directory: Path) -> None:
    """Remove a directory with what an overlay left there, also that of a process that was killed."""
    for root in (directory / "root", *directory.glob("*/root")):
        if root.is_mount():
            _run("umount", "--lazy", str(root))
    shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def locked_cache() -> Iterator[None]:
    """Only one process at a time makes or removes something in the cache."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with _descriptor(CACHE) as cache:
        fcntl.flock(cache, fcntl.LOCK_EX)
        yield


def lock_if_free(directory: Path) -> int | None:
    """A descriptor that holds the directory until it is closed, or the process ends; None if somebody else has it."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _make(layer: Layer) -> None:
    making = CACHE / "making"
    below = [part.path for part in layer.stack()[1:]] or [making / "nothing"]
    below[-1].mkdir(parents=True, exist_ok=True)
    with overlay(below, making) as root:
        layer.make(root)
    _run("sync", "--file-system", str(CACHE))  # what is cached outlives a power cut
    (making / "upper").rename(layer.path)
    clear_away(making)


def _remove_old(kind: str) -> None:
    """Layers that nobody has used for an hour, and nobody uses now."""
    for layer in CACHE.glob(f"{kind}-*"):
        lock = lock_if_free(layer) if time.time() - layer.stat().st_mtime > _UNUSED_SECONDS else None
        if lock is not None:
            layer.rename(CACHE / "making")  # so that half of it never has its name
            clear_away(CACHE / "making")
            os.close(lock)


@contextmanager
def _shared(directory: Path) -> Iterator[None]:
    with _descriptor(directory) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield


@contextmanager
def _descriptor(directory: Path) -> Iterator[int]:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _run(*command: str) -> None:
    done = subprocess.run(
        command, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}, check=False, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
