"""The report: which backups it could look at."""

import pytest

from tests.api.status.samples import MISSING, NOW, backups, report


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (backups(None, None), {}),
        (backups(MISSING, None), {"storage": None}),
        (backups(None, MISSING), {"the database": None}),
        ({"storage": None}, {}),
    ],
)
def test_only_what_is_watched_has_a_backup_or_misses_one(known: dict[str, object], told: dict[str, object]) -> None:
    assert report(**known).backups == told


def test_the_time_of_a_backup_is_told() -> None:
    times = report(**backups(1, 2)).backups
    assert [(NOW - at).total_seconds() / 3600 for at in times.values() if at] == [1, 2]
