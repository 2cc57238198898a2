"""A version that was made from an older one says what it lacks."""

import pytest

from shared.domain.manifest import CheckStatus
from shared.domain.older_base import base_checks, missing_changes


@pytest.mark.parametrize(
    ("base", "newest", "words"),
    [(3, 4, "of version 4"), (3, 5, "of versions 4 and 5"), (3, 9, "of versions 4 to 9")],
)
def test_what_is_missing(base: int, newest: int, words: str) -> None:
    assert missing_changes(base, newest) == f"the changes {words}"


def test_the_newest_lacks_nothing() -> None:
    assert base_checks(None, None) == base_checks(None, 4) == base_checks(4, 4) == ()
    (check,) = base_checks(3, 4)
    assert (check.name, check.status) == ("base", CheckStatus.WARNING)
    assert check.findings == ("Made from version 3. It does not have the changes of version 4.",)
