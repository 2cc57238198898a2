"""What a query or form asks to see of a site, and what is gathered for it."""

import httpx
import pytest

from daemons.api.pages.site_view import site_query
from shared.domain.errors import NotFound
from tests.api.conftest import World


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
    assert (query.version, query.tab, query.page, query.have) == (version, tab, "index.html", None)


def test_what_the_page_has_already_is_kept() -> None:
    query = site_query({"page": "about.html", "have": "3", "framed": "yes", "latest": "4"})
    assert (query.page, query.have, query.framed, query.latest) == ("about.html", 3, True, 4)


@pytest.mark.parametrize(
    ("given", "latest", "wanted"),
    [({}, 9, 9), ({"shown": "5"}, 9, 5), ({"shown": "5", "until": "9"}, 9, 5), ({"shown": "5", "until": "9"}, 10, 10)],
)
def test_what_was_asked_for_takes_the_place_of_an_old_version(given: dict, latest: int, wanted: int) -> None:
    assert site_query(given).wanted(latest) == wanted


@pytest.mark.parametrize("version", ["x", "0", "-1"])
def test_a_version_that_can_not_be_is_not_found(version: str) -> None:
    with pytest.raises(NotFound):
        site_query({"version": version})


def test_an_old_version_is_shown_as_old(world: World, ana: httpx.Client) -> None:
    site = world.site("second")
    old = ana.get(f"/sites/{site}", params={"version": 1}).text
    assert "Viewing version 1" in old
    assert "<strong>Continue from version 1</strong>, without the changes of version 2" in old
    assert "Version 1 is being brought to the web server" in old
    assert ana.get(f"/sites/{site}", params={"version": 9}).status_code == 404
    assert ana.get(f"/sites/{site}", params={"version": "x"}).status_code == 404
    based = ana.post(f"/sites/{site}/messages", data={"message": "third", "base": "1"})
    assert based.status_code == 200
    world.worker.work()
    assert "second" not in world.ana.get(f"sites/{site}/versions/3/files/index.html").text
