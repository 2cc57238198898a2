"""A request to a page: who may make it, what goes with every answer, and errors as pages or notices."""

from urllib.parse import urlencode

import httpx
import pytest

from tests.api.conftest import World
from tests.api.pages.conftest import FRAGMENT


def test_a_form_that_can_not_be_read_is_told(ana: httpx.Client) -> None:
    broken = ana.post("/sites", content=b"--x\r\nnonsense", headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert broken.status_code in (400, 422)
    assert "<h1>" in broken.text


def test_pages_speak_the_language_that_the_browser_asks_for(visitor: httpx.Client) -> None:
    german, french = (visitor.get("/sign-in", headers={"Accept-Language": wish}) for wish in ("de-AT,en;q=0.7", "fr"))
    assert '<html lang="de">' in german.text
    assert "<h1>Anmelden</h1>" in german.text
    assert "<h1>Sign in</h1>" in french.text
    assert german.headers["vary"] == "HX-Request, Accept-Language"


def test_another_website_can_make_nobody_act(world: World, ana: httpx.Client) -> None:
    site = world.site()
    for path in (f"/sites/{site}/messages", "/sites", f"/sites/{site}/versions/1/publish", "/sign-out"):
        answer = ana.post(path, data={"message": "Obey me"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
    assert "Obey me" not in ana.get(f"/sites/{site}").text


@pytest.mark.parametrize("path", ["/sign-in", "/sites", "/new-site", "/nowhere"])
def test_pages_run_nothing_that_is_not_ours(ana: httpx.Client, path: str) -> None:
    answer = ana.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-src http://*.sites.test" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_an_unknown_address_is_a_page(visitor: httpx.Client) -> None:
    answer = visitor.get("/nothing/here")
    assert answer.status_code == 404
    assert "<h1>Not found</h1>" in answer.text


def test_a_session_that_ended_leads_to_sign_in(world: World, ana: httpx.Client) -> None:
    site = world.site()
    ana.cookies.clear()
    for where, back in (
        ({}, f"/sites/{site}"),
        ({"HX-Current-URL": f"/sites/{site}?version=1"}, f"/sites/{site}?version=1"),
    ):
        answer = ana.get(f"/sites/{site}/live", headers=FRAGMENT | where)
        assert (answer.status_code, answer.headers["hx-redirect"]) == (204, f"/sign-in?{urlencode({'next': back})}")
