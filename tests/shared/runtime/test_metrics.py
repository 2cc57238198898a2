"""What is measured when it is asked for: disks, backups, and counters that others keep."""

import math
from pathlib import Path

from prometheus_client import REGISTRY

from shared.domain.vocabulary import JobKind
from shared.runtime.metrics import Total, measure_backup, measure_disk


def sample(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(f"pagewright_{name}", labels)


def test_a_disk_that_can_not_be_read_is_not_a_number(tmp_path: Path) -> None:
    measure_disk("here", tmp_path)
    free, size = sample("disk_free_bytes", disk="here"), sample("disk_size_bytes", disk="here")
    assert free and size
    assert 0 < free <= size
    measure_disk("here", tmp_path / "nothing")
    assert math.isnan(sample("disk_free_bytes", disk="here") or 0)
    assert math.isnan(sample("disk_size_bytes", disk="here") or 0)


def test_a_folder_of_backups_has_a_newest_one_or_none(tmp_path: Path) -> None:
    measure_backup("nothing", None)
    assert sample("backup_timestamp_seconds", of="nothing") is None
    measure_backup("here", tmp_path)
    assert sample("backup_timestamp_seconds", of="here") == 0
    (tmp_path / "20260102T030405Z.jsonl").touch()
    measure_backup("here", tmp_path)
    assert sample("backup_timestamp_seconds", of="here") == 1767323045


def test_a_total_that_nobody_has_told_is_not_exposed() -> None:
    total = Total("pagewright_of_this_test_total", "Only here.")
    try:
        assert sample("of_this_test_total") is None
        total.set(3)
        assert sample("of_this_test_total") == 3
    finally:
        REGISTRY.unregister(total)


def test_what_alerts_count_begins_at_nothing() -> None:
    """A counter that appears with its first event hides that event from `rate`."""
    for kind in JobKind:
        assert sample("job_failures_total", kind=kind.value, fault="ours") is not None
        assert sample("job_retries_total", kind=kind.value) is not None
    assert sample("releases_total", outcome="refused") is not None
