"""A folder of backups, after a clock that was wrong."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.domain.errors import Conflict
from shared.runtime.backups import complete_backups, newest_time, next_backup

_FUTURE = "29991231T235959Z"


def test_a_backup_from_the_future_is_nobodys_newest(tmp_path: Path) -> None:
    """I10: otherwise nobody would be told for years that none is made."""
    assert newest_time(None) is newest_time(tmp_path) is newest_time(tmp_path / "nowhere") is None
    (tmp_path / _FUTURE).mkdir()
    assert newest_time(tmp_path) is None
    (tmp_path / "20260102T030405Z").mkdir()
    assert newest_time(tmp_path) == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_nothing_is_pushed_out_by_a_backup_from_the_future(tmp_path: Path) -> None:
    (tmp_path / "20260102T030405Z").mkdir()
    (tmp_path / _FUTURE).mkdir()
    with pytest.raises(Conflict) as caught, next_backup(tmp_path, "", 1):
        pytest.fail("it began")
    assert "move that backup" in (caught.value.hint or "")
    assert len(complete_backups(tmp_path)) == 2
    (tmp_path / _FUTURE).rename(tmp_path / "elsewhere")
    with next_backup(tmp_path, "", 1) as partial:
        partial.mkdir()
    newest = newest_time(tmp_path)
    assert newest
    assert datetime.now(UTC) - newest < timedelta(minutes=1)
