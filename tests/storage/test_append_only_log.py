"""The log of numbered files: an entry is never written twice, a missing one is damage, and pages tile the log."""

from pathlib import Path

import pytest

from daemons.storage.append_only_log import AppendOnlyLog, page
from shared.domain.errors import PageWrightError


@pytest.mark.parametrize(
    ("latest", "before", "limit", "numbers", "following"),
    [
        (0, None, 5, [], None),
        (3, None, 5, [3, 2, 1], None),
        (5, None, 5, [5, 4, 3, 2, 1], None),
        (6, None, 5, [6, 5, 4, 3, 2], 2),
        (6, 2, 5, [1], None),
        (6, 1, 5, [], None),
        (6, 100, 2, [6, 5], 5),
    ],
)
def test_pages_tile_the_series(
    latest: int, before: int | None, limit: int, numbers: list[int], following: int | None
) -> None:
    listed, next_before = page(latest, before, limit)
    assert (list(listed), next_before) == (numbers, following)


def test_entries_come_back_and_are_never_replaced(tmp_path: Path) -> None:
    log = AppendOnlyLog(tmp_path / "versions", tmp_path)
    assert log.latest() == 0
    log.append(1, b"one")
    log.append(2, b"two")
    with pytest.raises(FileExistsError):
        log.append(2, b"other")
    assert (log.latest(), log.read(1), log.read(2)) == (2, b"one", b"two")
    log.path(1).unlink()
    with pytest.raises(PageWrightError, match="damaged"):
        log.read(1)
