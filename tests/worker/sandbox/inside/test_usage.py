"""What all processes use together, against the limits."""

import os
from pathlib import Path

import pytest

from daemons.worker.sandbox.inside.usage import exceeded

_PLENTY = {"workspace_bytes": 1 << 62, "workspace_files": 1 << 62, "memory_bytes": 1 << 62}


@pytest.mark.parametrize(
    ("limit", "name"),
    [
        ({}, None),
        ({"workspace_bytes": 0}, "workspace"),
        ({"workspace_files": 0}, "workspace"),
        ({"memory_bytes": 0}, "memory"),
    ],
)
def test_the_limit_that_is_exceeded_is_named(tmp_path: Path, limit: dict[str, int], name: str | None) -> None:
    assert exceeded((str(tmp_path),), _PLENTY | limit) == name


def test_files_of_all_folders_count_and_bytes_of_the_first(tmp_path: Path) -> None:
    """`/proc` has no bytes and no files of its own."""
    assert exceeded(("/proc", str(tmp_path)), _PLENTY | {"workspace_files": 0}) == "workspace"
    used = os.statvfs(tmp_path)
    bytes_used = (used.f_blocks - used.f_bfree) * used.f_frsize
    assert exceeded((str(tmp_path),), _PLENTY | {"workspace_bytes": 2 * bytes_used}) is None
