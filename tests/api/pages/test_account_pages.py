"""The user's own account."""

import httpx

from tests.api.conftest import World
from tests.api.pages.conftest import sign_in_path


def test_a_password_is_set_on_the_account_page(world: World, visitor: httpx.Client) -> None:
    visitor.post(sign_in_path(world, "ben@example.org"))
    short = visitor.post("/account", data={"password": "short"})
    assert short.status_code == 422
    assert "10 to 1000 characters" in short.text
    assert "Your password is set." in visitor.post("/account", data={"password": "three good words"}).text
    visitor.cookies.clear()
    assert (
        visitor.post("/sign-in", data={"email": "ben@example.org", "password": "three good words"}).url.path == "/sites"
    )
