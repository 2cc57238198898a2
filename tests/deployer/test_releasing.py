"""Why a release could not be made, in words for people."""

import errno

import pytest

from daemons.deployer.disk_space import NoInodesLeft
from daemons.deployer.releasing import disk_failure


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "Its disk is full."),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "Its disk is full."),
        (NoInodesLeft(errno.ENOSPC, "No inodes left on device"), "Its disk can hold no more files."),
        (OSError(errno.EROFS, "Read-only file system"), "Its disk can't be used (Read-only file system)."),
    ],
)
def test_people_are_told_what_the_disk_lacks(error: OSError, reason: str) -> None:
    assert disk_failure(error).reason == reason
