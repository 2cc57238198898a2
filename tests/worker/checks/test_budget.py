"""How long the browser may look at a site."""

from daemons.worker.checks.budget import budget


def test_it_grows_with_the_pages_and_stays_within_the_sandbox() -> None:
    assert budget(120, 5, 5).seconds < budget(120, 100, 100).seconds < budget(120, 1_200, 1_200).seconds < 120
    assert budget(120, 1_200, 1_200) == budget(120, 5_000, 5_000)
    assert budget(120, 1_200, 1_200).end < 120


def test_an_edit_takes_little_time_for_what_it_did_not_change() -> None:
    assert budget(120, 700, 1).rest <= 3 < budget(120, 700, 1).seconds


def test_what_is_used_is_gone() -> None:
    assert budget(120, 1, 1).less(30).seconds < 0
