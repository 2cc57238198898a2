"""No release fills the disk: what it takes is reckoned as the disk gives it, and parallel ones share one account."""

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from daemons.deployer.disk_space import DiskSpace, NoInodesLeft, Room, find_shortage, room_for
from shared.domain.served_release import ServedFile

_MIB = 1 << 20


def _disk(*, bytes_left: int = 1 << 30, inodes: int = 10**6, inodes_left: int = 10**5) -> os.statvfs_result:
    """A disk with blocks of 4 KiB, which it transfers by the megabyte."""
    blocks = bytes_left >> 12
    return os.statvfs_result(
        (_MIB, 4096, 2 * blocks, blocks + 99, blocks, inodes, inodes_left + 99, inodes_left, 0, 255)
    )


def test_files_take_whole_blocks_and_folders_take_room_too(tmp_path: Path) -> None:
    block = os.statvfs(tmp_path).f_frsize
    files = [
        ServedFile(path, b"x" * size, 1) for path, size in {"a": 1, "b/c/d": block, "b/e": block + 1, "f": 0}.items()
    ]
    assert room_for(files, tmp_path) == Room((1 + 1 + 2 + 0 + 3) * block, 4 + 3)


@pytest.mark.parametrize(
    ("disk", "room", "expected"),
    [
        (_disk(), Room(900 * _MIB, 5000), None),
        (_disk(), Room(1020 * _MIB, 1), OSError),
        (_disk(bytes_left=20 * _MIB), Room(3 * _MIB, 1), None),
        (_disk(bytes_left=20 * _MIB), Room(5 * _MIB, 1), OSError),
        (_disk(inodes_left=1000), Room(1, 800), None),
        (_disk(inodes_left=1000), Room(1, 990), NoInodesLeft),
        (_disk(inodes=0, inodes_left=0), Room(1, 800), None),
    ],
)
def test_a_reserve_is_left_of_bytes_and_of_inodes(
    disk: os.statvfs_result, room: Room, expected: type[OSError] | None
) -> None:
    shortage = find_shortage(disk, room)
    assert (type(shortage) if shortage else None) is expected


def test_releases_that_do_not_fit_together_follow_each_other(tmp_path: Path) -> None:
    """Nobody is refused for the room of another that will fit, and no two begin that would fill the disk."""
    space, large = DiskSpace(tmp_path), Room(int(shutil.disk_usage(tmp_path).free * 0.6), 1)
    begun: list[str] = []
    ended = asyncio.Event()

    async def write(name: str, room: Room) -> None:
        async with space.taken(room):
            begun.append(name)
            await ended.wait()

    async def play() -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(write("first", large))
            tasks.create_task(write("small", Room(1, 1)))
            await _until(lambda: len(begun) == 2)
            waiting = tasks.create_task(write("second", large))
            await asyncio.sleep(0.1)  # time enough to begin, if it would
            assert begun == ["first", "small"]
            ended.set()
            await waiting
        assert begun == ["first", "small", "second"]

    asyncio.run(play())


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


def test_what_does_not_fit_alone_is_refused_and_gives_back_what_it_took(tmp_path: Path) -> None:
    space = DiskSpace(tmp_path)

    async def play() -> None:
        for _ in range(2):
            with pytest.raises(OSError, match="No space left on device"):
                async with space.taken(Room(2 * shutil.disk_usage(tmp_path).total, 1)):
                    pytest.fail("it began")
            with pytest.raises(KeyError):
                async with space.taken(Room(int(shutil.disk_usage(tmp_path).free * 0.6), 1)):
                    raise KeyError

    asyncio.run(play())
