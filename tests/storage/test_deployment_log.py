"""The newest deployment alone tells what every slot should show, also after a restart."""

from pathlib import Path

import pytest

from daemons.storage.deployment_log import DeploymentLog
from shared.domain.errors import Conflict
from shared.domain.vocabulary import Slot


def shown(log: DeploymentLog) -> dict[Slot, int | None]:
    return {slot: deployment.version for slot, deployment in log.slots.items()}


def test_each_entry_repeats_the_other_slot(tmp_path: Path) -> None:
    log = DeploymentLog("bakery", tmp_path, tmp_path)
    for slot, version in ((Slot.PREVIEW, 1), (Slot.CURRENT, 1), (Slot.PREVIEW, 2)):
        assert log.append(slot, version, "ana")[1]
    reopened = DeploymentLog("bakery", tmp_path, tmp_path)
    assert shown(log) == shown(reopened) == {Slot.PREVIEW: 2, Slot.CURRENT: 1}
    assert [deployment.number for deployment in reopened.page(None, 2)[0]] == [3, 2]


def test_what_visitors_were_to_see_is_told_newest_first_also_after_a_restart(tmp_path: Path) -> None:
    log = DeploymentLog("bakery", tmp_path, tmp_path)
    assert log.published() == ()
    for slot, version in ((Slot.CURRENT, 1), (Slot.PREVIEW, 2), (Slot.CURRENT, 2), (Slot.CURRENT, 1)):
        log.append(slot, version, "ana")
    assert [deployment.version for deployment in log.published()] == [1, 2, 1]
    assert DeploymentLog("bakery", tmp_path, tmp_path).published() == log.published()
    for version in range(3, 30):
        log.append(Slot.CURRENT, version, "ana")
    assert [deployment.version for deployment in log.published()] == list(range(29, 9, -1))


def test_the_last_publications_are_told_however_many_previews_came_between(tmp_path: Path) -> None:
    log = DeploymentLog("bakery", tmp_path, tmp_path)
    log.append(Slot.CURRENT, 1, "ana")
    log.append(Slot.CURRENT, None, "ana")
    for version in range(2, 60):
        log.append(Slot.PREVIEW, version, "ana")
    reopened = DeploymentLog("bakery", tmp_path, tmp_path)
    assert [deployment.version for deployment in reopened.published()] == [None, 1]


def test_taking_down_is_a_deployment_like_any_other(tmp_path: Path) -> None:
    log = DeploymentLog("bakery", tmp_path, tmp_path)
    with pytest.raises(Conflict, match="no version was ever published"):
        log.append(Slot.CURRENT, None, "ana")
    log.append(Slot.CURRENT, 2, "ana")
    with pytest.raises(Conflict, match="you had seen version 1 there"):
        log.append(Slot.CURRENT, None, "ana", expected=1)
    down, new = log.append(Slot.CURRENT, None, "ana", expected=2)
    assert (down.number, down.version, new) == (2, None, True)
    assert log.append(Slot.CURRENT, None, "bob") == (down, False)
    assert shown(DeploymentLog("bakery", tmp_path, tmp_path)) == {Slot.CURRENT: None}
    with pytest.raises(Conflict, match=r"ana took the site down at .*; you had seen version 2 there"):
        log.append(Slot.CURRENT, 3, "bob", expected=2)
    assert log.append(Slot.CURRENT, 2, "bob", expected=0)[1]


def test_a_version_that_is_shown_is_not_recorded_again(tmp_path: Path) -> None:
    log = DeploymentLog("bakery", tmp_path, tmp_path)
    first, _ = log.append(Slot.CURRENT, 1, "ana")
    assert log.append(Slot.CURRENT, 1, "bob", expected=7) == (first, False)


@pytest.mark.parametrize(
    ("published", "expected", "told"),
    [
        (0, 3, "No version is published; you expected version 3."),
        (2, 0, "ana published version 2 at .*; you had seen none there."),
        (2, 1, "ana published version 2 at .*; you had seen version 1 there."),
    ],
)
def test_a_deployment_that_somebody_overtook_is_refused(
    published: int, expected: int, told: str, tmp_path: Path
) -> None:
    log = DeploymentLog("bakery", tmp_path, tmp_path)
    if published:
        log.append(Slot.CURRENT, published, "ana", expected=0)
    before = shown(log)
    with pytest.raises(Conflict, match=told):
        log.append(Slot.CURRENT, 9, "bob", expected)
    assert shown(log) == before
