"""The page of the status, which exists for administrators alone."""

import httpx

from tests.api.conftest import World
from tests.api.pages.conftest import FRAGMENT, sign_in_path


def test_it_does_not_exist_for_others(ana: httpx.Client) -> None:
    refused = ana.get("/status")
    assert (refused.status_code, "<h1>Not found</h1>" in refused.text) == (404, True)
    assert 'href="/status"' not in ana.get("/sites").text


def test_an_operator_sees_which_parts_are_down(world: World, visitor: httpx.Client) -> None:
    visitor.post(sign_in_path(world, "root@example.org"))
    page = visitor.get("/status").text
    assert "The web host does not answer." in page
    assert "The model can’t be reached." in page
    assert 'href="/status"' in page
    assert "<html" not in visitor.get("/status", headers=FRAGMENT).text
