"""Whoever publishes reads what visitors will see, whatever is wrong with the home page."""

import pytest

from daemons.worker.checks.finding import Finding, Weight
from daemons.worker.checks.verdict import compare, verdict
from shared.domain.home_page_check import visitors_see

_TEXTS = {
    "missing": ("The site has no home page: its address answers that there is no such page.", "no such page"),
    "empty": ("the home page is empty: visitors see nothing", "an empty page"),
    "unseen": ("the home page", "Nobody knows"),
    "other": ("it is upside down", "upside down"),
}


@pytest.mark.parametrize("is_base_line", [True, False])
@pytest.mark.parametrize("subject", _TEXTS)
def test_every_finding_of_the_home_page_is_told(subject: str, *, is_base_line: bool) -> None:
    """As the worker records them: of an import, where they only warn, and of an edit."""
    text, words = _TEXTS[subject]
    weight = Weight.UNKNOWN if subject == "unseen" else Weight.GRAVE
    page = "" if subject == "missing" else "index.html"
    finding = Finding(check="home page", page=page, subject=subject, text=text, weight=weight)
    checks = verdict(compare([finding], (), 1, is_base_line=is_base_line), 1)
    assert words in visitors_see((check.name, check.status, check.findings) for check in checks)


def test_a_home_page_that_is_well_is_not_talked_about() -> None:
    assert visitors_see((check.name, check.status, check.findings) for check in verdict((), 1)) == ""
    assert visitors_see([("links", "failed", ["a dead link"])]) == ""
    assert visitors_see([]) == ""
