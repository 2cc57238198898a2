"""What another daemon answered with becomes the error that it was."""

import pytest

from shared.domain.errors import Conflict, PageWrightError, from_problem


class Elsewhere(PageWrightError):
    """An error that a command has for itself, without a status of its own."""


@pytest.mark.parametrize(("status", "error"), [(500, PageWrightError), (409, Conflict), (599, PageWrightError)])
def test_a_status_means_the_same_whatever_errors_a_process_has(status: int, error: type[PageWrightError]) -> None:
    answered = from_problem(status, {"detail": "So it is.", "hint": "Look."})
    assert type(answered) is error
    assert (answered.detail, answered.hint) == ("So it is.", "Look.")
