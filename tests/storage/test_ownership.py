"""One process owns a storage directory, and none opens one between its old and its restored contents."""

import os
from pathlib import Path

import pytest

from daemons.storage.ownership import RESTORING, check_restored, own
from shared.domain.errors import Conflict


def test_a_directory_has_one_owner_at_a_time(tmp_path: Path) -> None:
    lock = own(tmp_path)
    with pytest.raises(Conflict, match="Another storage process"):
        own(tmp_path)
    os.close(lock)
    os.close(own(tmp_path))


@pytest.mark.parametrize(("folders", "is_refused"), [((), False), ((RESTORING,), True), ((RESTORING, "."), False)])
def test_half_a_restore_is_refused(folders: tuple[str, ...], is_refused: bool, tmp_path: Path) -> None:
    for folder in folders:
        (tmp_path / folder / "sites").mkdir(parents=True)
    if not is_refused:
        return check_restored(tmp_path)
    with pytest.raises(Conflict, match="not finished"):
        check_restored(tmp_path)
