"""What a query or form asks to see of a site."""

import pytest

from daemons.api.pages.site_view import site_query
from shared.domain.errors import NotFound


@pytest.mark.parametrize(
    ("given", "version", "tab"),
    [
        ({}, None, "chat"),
        ({"version": "3"}, 3, "preview"),
        ({"version": "3", "tab": "versions"}, 3, "versions"),
        ({"shown": "2"}, 2, "chat"),
        ({"version": "3", "shown": "2", "tab": "nonsense"}, 3, "chat"),
        ({"version": "", "shown": ""}, None, "chat"),
    ],
)
def test_a_version_that_is_asked_for_is_seen(given: dict[str, object], version: int | None, tab: str) -> None:
    query = site_query(given)
    assert (query.version, query.tab, query.page, query.have) == (version, tab, "index.html", "")


def test_what_the_page_has_already_is_kept() -> None:
    query = site_query({"page": "about.html", "have": "3"})
    assert (query.page, query.have) == ("about.html", "3")


@pytest.mark.parametrize("version", ["x", "0", "-1"])
def test_a_version_that_can_not_be_is_not_found(version: str) -> None:
    with pytest.raises(NotFound):
        site_query({"version": version})
