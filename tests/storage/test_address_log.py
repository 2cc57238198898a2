"""The newest record alone tells a site's address, and nobody overwrites what they have not seen."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daemons.storage.address_log import AddressLog
from shared.domain.errors import Conflict
from shared.domain.site_address import AddressMove


def asked(address: str, expected: str, by: str = "ana") -> AddressMove:
    until = datetime.now(UTC) + timedelta(days=30)
    return AddressMove(address=address, forward_until=until, by=by, expected=expected)


def test_the_newest_record_tells_all_also_after_a_restart(tmp_path: Path) -> None:
    log = AddressLog("bakery", tmp_path, tmp_path)
    assert log.newest() is None
    assert log.append(asked("brot", "bakery"))[1]
    record, new = log.append(asked("laden", "brot"))
    assert (record.number, record.address, [one.label for one in record.former], new) == (
        2,
        "laden",
        ["bakery", "brot"],
        True,
    )
    assert AddressLog("bakery", tmp_path, tmp_path).newest() == record


def test_the_same_address_again_is_not_recorded_again(tmp_path: Path) -> None:
    log = AddressLog("bakery", tmp_path, tmp_path)
    first, _ = log.append(asked("brot", "bakery"))
    assert log.append(asked("brot", "bakery", by="bob")) == (first, False)


@pytest.mark.parametrize(
    ("moved", "address", "expected", "told"),
    [
        (False, "laden", "brot", "The address is bakery; you had seen brot."),
        (True, "laden", "bakery", r"ana moved the site to brot at \d\d:\d\d UTC; you had seen bakery."),
        (False, "bakery", "bakery", "The site bakery has this address."),
    ],
)
def test_a_move_that_somebody_overtook_is_refused(
    moved: bool, address: str, expected: str, told: str, tmp_path: Path
) -> None:
    log = AddressLog("bakery", tmp_path, tmp_path)
    if moved:
        log.append(asked("brot", "bakery"))
    before = log.newest()
    with pytest.raises(Conflict, match=told):
        log.append(asked(address, expected, by="bob"))
    assert log.newest() == before
