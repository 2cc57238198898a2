"""Keeps releases from filling this host's disk: each reserves its room before it is written."""

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from shared.domain.served_release import ServedFile


@dataclass(frozen=True)
class Room:
    """Bytes and inodes on a disk."""

    bytes: int
    inodes: int

    def __add__(self, other: "Room") -> "Room":
        return Room(self.bytes + other.bytes, self.inodes + other.inodes)


_RESERVED = Room(16 << 20, 64)  # kept free for symlinks and for the report of a full disk


class NoInodesLeft(OSError):
    """There may be free bytes, but no more files can be made."""


class DiskSpace:
    """The room below one folder, shared by all releases of this process."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._taken: list[Room] = []
        self._is_given_back = asyncio.Event()
        self._admission = asyncio.Lock()

    @asynccontextmanager
    async def taken(self, room: Room) -> AsyncIterator[None]:
        """Hold this much room; waits for other releases if the disk may not have room for all.

        Raises OSError if the disk has too little for this release alone.
        """
        async with self._admission:
            await self._take(room)
        try:
            yield
        finally:
            self._taken.remove(room)
            self._is_given_back.set()

    async def _take(self, room: Room) -> None:
        while True:
            self._is_given_back.clear()
            others = tuple(self._taken)
            # What others have written counts twice, as reserved and as used: wait for them rather than refuse.
            shortage = find_shortage(await asyncio.to_thread(os.statvfs, self._root), sum(others, room))
            if shortage is None:
                self._taken.append(room)
                return
            if not others:
                shortage.filename = os.fspath(self._root)
                raise shortage
            await self._is_given_back.wait()


def room_for(files: Iterable[ServedFile], root: Path) -> Room:
    """The room that files and their folders take on this disk, in whole blocks."""
    block = max(os.statvfs(root).f_frsize, 1)
    sizes, folders = list[int](), set[PurePosixPath]()
    for file in files:
        sizes.append(-(-len(file.data) // block) * block)
        folders.update(PurePosixPath(file.path).parents)
    return Room(sum(sizes) + block * len(folders), len(sizes) + len(folders))


def find_shortage(status: os.statvfs_result, room: Room) -> OSError | None:
    """The error if this much room is not free beside the reserve; None if it is."""
    needed = room + _RESERVED
    if status.f_bavail * status.f_frsize < needed.bytes:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if status.f_files and status.f_favail < needed.inodes:  # a file system that reports no number has no limit
        return NoInodesLeft(errno.ENOSPC, "No inodes left on device")
    return None
