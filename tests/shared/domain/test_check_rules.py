"""What an owner says of a site's checks: only what differs is kept, and only of checks that there are."""

import pytest
from pydantic import ValidationError

from htmx_ui.wording import CHECKS
from shared.domain.check_rules import USUAL, USUAL_RULES, CheckRules, Severity


def test_what_is_usual_is_not_kept() -> None:
    assert CheckRules(severities=USUAL).unusual is None
    kept = CheckRules(severities=USUAL | {"links": Severity.WARN}, page_kilobytes=800).unusual
    assert kept == CheckRules(severities={"links": Severity.WARN}, page_kilobytes=800)


def test_each_check_has_a_severity_and_a_name_for_owners() -> None:
    assert CheckRules(severities={"links": Severity.INFO}).severity("links") is Severity.INFO
    assert USUAL_RULES.severity("links") is Severity.BLOCK
    assert USUAL_RULES.severity("home page") is None
    assert USUAL.keys() <= CHECKS.keys()


@pytest.mark.parametrize(
    "wrong",
    [
        {"severities": {"home page": "info"}},
        {"severities": {"links": "ignore"}},
        {"page_kilobytes": 99},
        {"page_kilobytes": 50_001},
        {"other": 1},
    ],
)
def test_what_cant_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        CheckRules.model_validate(wrong)
