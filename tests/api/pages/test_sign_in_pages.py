"""Signing in and out, as a browser does it: links that are used up once, and where one gets to afterwards."""

import re

import httpx
import pytest

from tests.api.conftest import World
from tests.api.pages.conftest import FRAGMENT, sign_in_path
from tests.support.api_process import PUBLIC_URL


def test_opening_a_sign_in_link_does_not_use_it_up(world: World, visitor: httpx.Client) -> None:
    path = sign_in_path(world, "ana@example.org")
    for _ in range(2):
        assert "Continue to PageWright" in visitor.get(path).text
    assert visitor.post(path).url.path == "/sites"
    visitor.cookies.clear()
    again = visitor.post(path)
    assert again.status_code == 401
    assert "was used or is too old" in again.text
    assert "<h1>" in again.text


def test_who_is_not_signed_in_is_asked_and_then_brought_back(world: World, visitor: httpx.Client) -> None:
    site = world.site()
    asked = visitor.get(f"/sites/{site}")
    assert (asked.url.path, asked.url.params["next"]) == ("/sign-in", f"/sites/{site}")
    world.ana.put("me/password", json={"password": "correct horse"})
    wrong = visitor.post("/sign-in", data={"email": "ana@example.org", "password": "wrong horse", "next": ""})
    assert wrong.status_code == 401
    assert 'value="ana@example.org"' in wrong.text
    good = {"email": "ana@example.org", "password": "correct horse"}
    assert visitor.post("/sign-in", data={**good, "next": f"/sites/{site}"}).url.path == f"/sites/{site}"


@pytest.mark.parametrize("wanted", ["https://evil.test/", "//evil.test", "/\\evil.test", "/sites/..\\..\\evil"])
def test_signing_in_leads_to_no_other_website(world: World, visitor: httpx.Client, wanted: str) -> None:
    world.ben.put("me/password", json={"password": "correct horse"})
    good = {"email": "ben@example.org", "password": "correct horse", "next": wanted}
    assert visitor.post("/sign-in", data=good, follow_redirects=False).headers["location"] == "/sites"


@pytest.mark.parametrize(
    "wanted", ["/sites/x\r\nSet-Cookie: pagewright=evil", "/sites/\u2603", "/sites?notice=published"]
)
def test_where_to_go_after_signing_in_is_an_address_of_a_page_and_no_more(
    world: World, visitor: httpx.Client, wanted: str
) -> None:
    world.ana.put("me/password", json={"password": "correct horse"})
    good = {"email": "ana@example.org", "password": "correct horse", "next": wanted}
    answer = visitor.post("/sign-in", data=good, headers=FRAGMENT | {"X-Forwarded-For": "10.0.9.1"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/sites")
    assert len(answer.headers.get_list("set-cookie")) == 1


def test_signing_out_ends_the_session(world: World, visitor: httpx.Client) -> None:
    assert visitor.post(sign_in_path(world, "ben@example.org")).url.path == "/sites"
    cookies = dict(visitor.cookies)
    assert visitor.post("/sign-out").url.path == "/sign-in"
    visitor.cookies.update(cookies)
    assert visitor.get("/sites").url.path == "/sign-in"


def test_who_has_forgotten_the_password_gets_a_link_by_mail_and_sets_a_new_one(
    world: World, visitor: httpx.Client
) -> None:
    before = len(world.mail.mails)
    assert visitor.get("/sign-in").text.count('href="/forgotten-password"') == 1
    assert "Send me a link" in visitor.get("/forgotten-password").text
    german = {"Accept-Language": "de-AT,de;q=0.9"}
    answer = visitor.post("/forgotten-password", data={"email": " Ben@example.org "}, headers=german)
    assert answer.status_code == 200 and "Wenn <strong" in answer.text
    letter = world.mail.next_mail("ben@example.org", before)
    assert letter["Subject"] == "Bei PageWright anmelden", "as the page that asked for it"
    link = next(line for line in letter.get_content().splitlines() if line.startswith(PUBLIC_URL))
    assert 'name="next" value="/account"' in visitor.get(link).text
    assert visitor.post(link.partition("?")[0], data={"next": "/account"}).url.path == "/account"
    assert visitor.post("/account", data={"password": "three better words"}).status_code == 200
    told = world.mail.next_mail("ben@example.org", before + 1)
    assert told["Subject"] == "Your PageWright password was set"
    sent = re.search(r'^pagewright_mails_total\{outcome="sent"\} (\S+)', world.api.admin("/metrics").text, re.MULTILINE)
    assert sent and float(sent[1]) >= 1


def test_nobody_learns_by_a_mail_who_has_an_account(world: World, visitor: httpx.Client) -> None:
    texts = []
    for email in ("nobody@example.org", "ana@example.org"):
        answer = visitor.post("/forgotten-password", data={"email": email}, headers={"X-Forwarded-For": "10.0.9.2"})
        assert answer.status_code == 200
        texts.append(answer.text.replace(email, ""))
    assert texts[0] == texts[1]


def test_a_mailbox_is_not_filled_through_us(world: World, visitor: httpx.Client) -> None:
    answers = [
        visitor.post(
            "/forgotten-password", data={"email": "first@example.org"}, headers={"X-Forwarded-For": f"10.8.0.{n}"}
        )
        for n in range(4)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "Wait a quarter of an hour" in answers[-1].text and 'value="first@example.org"' in answers[-1].text
