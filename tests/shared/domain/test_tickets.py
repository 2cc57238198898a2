"""A ticket opens the model for one job and for its time; a changed, foreign or old one is refused."""

import pytest

from shared.domain.errors import NotSignedIn
from shared.domain.tickets import issue_ticket, read_ticket

_KEY, _JOB = b"a key", "a" * 28


def issued(seconds: float = 60) -> str:
    return issue_ticket(_KEY, job=_JOB, site="bakery", seconds=seconds)


def test_a_ticket_names_its_job_and_site() -> None:
    ticket = read_ticket(_KEY, issued())
    assert (ticket.job, ticket.site) == (_JOB, "bakery")


@pytest.mark.parametrize("text", ["", ".", issued()[1:], issued()[:-1], issued().replace(".", ""), issued() + "ä"])
def test_a_changed_ticket_is_not_genuine(text: str) -> None:
    with pytest.raises(NotSignedIn, match="not genuine"):
        read_ticket(_KEY, text)


def test_a_ticket_of_another_key_is_not_genuine() -> None:
    with pytest.raises(NotSignedIn, match="not genuine"):
        read_ticket(b"another key", issued())


def test_an_old_ticket_has_expired() -> None:
    with pytest.raises(NotSignedIn, match="expired"):
        read_ticket(_KEY, issued(-60))
