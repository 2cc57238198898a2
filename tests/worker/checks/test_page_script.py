"""What the script in a page answers is cut again outside: a page can make it say anything."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from daemons.worker.checks.observation import PageObservation
from daemons.worker.checks.observation_limits import LONGEST_ADDRESS, MOST_ADDRESSES
from daemons.worker.checks.page_script import observed

ORIGIN = "http://127.0.0.1:4000"


def _answer(**more: object) -> dict[str, Any]:
    nothing = {"items": [], "total": 0}
    lists = dict.fromkeys(("links", "images", "relative", "places"), nothing)
    return {**lists, "text": 7, "media": 1, "title": "Bakery", **more}


def _observed(answer: dict[str, Any]) -> PageObservation:
    return TypeAdapter(PageObservation).validate_python({"path": "a.html"} | _tuples(observed(answer, ORIGIN)))


def _tuples(seen: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value | {"items": tuple(value["items"])} if isinstance(value, dict) else value
        for key, value in seen.items()
    }


def test_links_lose_host_and_query_and_are_counted_once() -> None:
    links = {"items": [f"{ORIGIN}/a?1#x", f"{ORIGIN}/a?2#x", f"{ORIGIN}/b"], "total": 9}
    page = _observed(_answer(links=links))
    assert (page.links.items, page.links.total) == (("/a#x", "/b"), 8)
    assert (page.text, page.media, page.title) == (7, 1, "Bakery")


def test_lists_and_texts_that_a_page_made_too_long_are_cut() -> None:
    many = {"items": [f"{n}" for n in range(MOST_ADDRESSES + 5)] + ["x" * LONGEST_ADDRESS * 2], "total": 3}
    page = _observed(_answer(places=many, title="\ud83e" * 900))
    assert (len(page.places.items), page.places.total, page.title) == (MOST_ADDRESSES, MOST_ADDRESSES + 6, "?" * 500)


@pytest.mark.parametrize("wrong", [{"links": 7}, {"links": {}}, {"links": {"items": [7], "total": 1}}, {"text": None}])
def test_an_answer_of_another_form_is_an_error_that_its_page_answers_for(wrong: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError, LookupError, AttributeError)):
        observed(_answer(**wrong), ORIGIN)
