"""What is wrong with a version's bytes becomes a sentence that names the version; an outage stays one."""

import pytest

from shared.domain.errors import Conflict, NotFound, Unavailable
from shared.domain.unreadable import reading_version


def test_the_version_is_named() -> None:
    with pytest.raises(Conflict, match=r"^Version 3 can't be read: It is gone\.$"), reading_version(3):
        raise NotFound("It is gone.")


def test_an_outage_says_nothing_of_the_version() -> None:
    with pytest.raises(Unavailable, match=r"^Away\.$"), reading_version(3):
        raise Unavailable("Away.")
