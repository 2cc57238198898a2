"""Which files are pages, and which file an address on a page leads to."""

import pytest

from daemons.worker.checks.addresses import file_of, home_page, is_page
from tests.support.observations import FILES


@pytest.mark.parametrize(("path", "page"), [("a.html", True), ("a.xhtml", True), ("feed.xml", False), ("a.svg", False)])
def test_only_what_people_read_is_a_page(path: str, page: bool) -> None:
    assert is_page(path) is page


@pytest.mark.parametrize(
    ("address", "file"),
    [("/", "index.html"), ("/about", "about.html"), ("/blog/#x", "blog/index.html"), ("/gone", None)],
)
def test_an_address_leads_to_the_file_that_is_served(address: str, file: str | None) -> None:
    assert file_of(address, FILES) == file


def test_the_home_page_answers_the_site_s_own_address() -> None:
    assert (home_page(FILES), home_page({"about.html"})) == ("index.html", None)
