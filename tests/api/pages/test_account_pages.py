"""The user's own account."""

import html
import re
import secrets

import httpx
import pytest

from tests.api.conftest import World
from tests.api.pages.conftest import browser, sign_in_path


def test_a_password_is_set_on_the_account_page(world: World, visitor: httpx.Client) -> None:
    visitor.post(sign_in_path(world, "ben@example.org"))
    short = visitor.post("/account", data={"password": "short"})
    assert short.status_code == 422
    assert re.search(r'id="new-password-error"[^>]*>[^<]*10 to 1000 characters', short.text), "at its field"
    assert 'aria-describedby="new-password-hint new-password-error" aria-invalid="true"' in short.text
    assert "Your password is set." in visitor.post("/account", data={"password": "three good words"}).text
    visitor.cookies.clear()
    assert (
        visitor.post("/sign-in", data={"email": "ben@example.org", "password": "three good words"}).url.path == "/sites"
    )


def test_a_password_that_is_guessed_first_is_refused(world: World, visitor: httpx.Client) -> None:
    visitor.post(sign_in_path(world, "ben@example.org"))
    answer = visitor.post("/account", data={"password": "ben@example.org"})
    assert answer.status_code == 422 and "easy to guess" in answer.text


def test_sessions_are_listed_and_ended(world: World, visitor: httpx.Client) -> None:
    phone = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"}
    with browser(world) as other:
        other.post(sign_in_path(world, "ben@example.org"), headers=phone)
        visitor.post(sign_in_path(world, "ben@example.org"))
        page = visitor.get("/account").text
        assert "Safari, iPhone" in page and page.count("This one") == 1
        entry = page[page.index("Safari, iPhone") :]
        chosen = re.search(r'name="id" value="([0-9a-f]{64})"', entry)
        assert chosen
        with pytest.raises(AssertionError):  # ana does not end it
            _post_as_ana(world, {"id": chosen[1]})
        assert other.get("/account").url.path == "/account"
        assert "That browser is signed out." in visitor.post("/account/sessions/end", data={"id": chosen[1]}).text
        assert other.get("/account").url.path == "/sign-in"
    assert visitor.get("/account").url.path == "/account"


def _post_as_ana(world: World, form: dict[str, str]) -> None:
    with browser(world) as ana:
        ana.post(sign_in_path(world, "ana@example.org"))
        assert ana.post("/account/sessions/end", data=form).status_code == 200


def test_tokens_are_listed_and_ended(world: World, visitor: httpx.Client) -> None:
    name = f"<laptop> {secrets.token_hex(4)}"
    token = world.ben.post("tokens", json={"name": name}).json()
    visitor.post(sign_in_path(world, "ben@example.org"))
    page = visitor.get("/account").text
    assert html.escape(name) in page and token["token"] not in page
    assert "The token has ended." in visitor.post("/account/tokens/end", data={"id": token["id"]}).text
    assert html.escape(name) not in visitor.get("/account").text
    assert world.api.client(token["token"]).get("me").status_code == 401
