"""The request that mends problems names each of them, as far as a message has room."""

from daemons.api.jobs.edit_request import clean_message
from daemons.api.publishing.fix_message import fix_message
from shared.domain.problem import Problem


def problem(text: str) -> Problem:
    return Problem(check="links", page="index.html", element="link", address="/x", text=text)


def test_each_problem_has_its_line() -> None:
    asked = fix_message([problem("index.html: the link /a leads nowhere"), problem("a.html: an error\nof two lines")])
    assert asked.splitlines()[1:] == ["- index.html: the link /a leads nowhere", "- a.html: an error of two lines"]


def test_what_has_no_room_is_counted() -> None:
    asked = clean_message(fix_message([problem("x" * 500)] * 60))
    shown = asked.count("\n- x")
    assert asked.endswith(f"- and {60 - shown} more of the same kinds")
    assert 30 < shown < 60
