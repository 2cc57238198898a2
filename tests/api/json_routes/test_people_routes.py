"""People over HTTP and on the machine: users, sign-in links, passwords, sessions, tokens, the audit trail."""

import httpx

from tests.api.conftest import World, problem


def sign_in_by_link(world: World, link: str) -> httpx.Client:
    browser = world.api.browser()
    answer = browser.post("session", json={"sign_in_token": link.rpartition("/")[2]})
    assert answer.status_code == 204, answer.text
    return browser


def new_user(world: World, email: str) -> httpx.Client:
    """A browser in which a new user is signed in."""
    return sign_in_by_link(world, world.root.post("users", json={"email": email}).json()["sign_in_link"])


def test_me_is_who_asks(world: World) -> None:
    assert (world.ana.get("me").json()["email"], world.ana.get("me").json()["admin"]) == ("ana@example.org", False)
    problem(world.api.client().get("me"), 401)
    problem(world.api.client("pw-token-wrong").get("me"), 401)
    problem(world.api.client("").get("me"), 401)


def test_a_sign_in_link_works_once(world: World) -> None:
    created = world.root.post("users", json={"email": " Cleo@Example.org "})
    assert created.status_code == 201
    assert created.json()["user"]["email"] == "cleo@example.org"
    link = created.json()["sign_in_link"]
    assert link.startswith("http://app.test/sign-in/")
    browser = sign_in_by_link(world, link)
    assert browser.get("me").json()["email"] == "cleo@example.org"
    problem(world.api.browser().post("session", json={"sign_in_token": link.rpartition("/")[2]}), 401)


def test_the_session_cookie_is_out_of_reach_of_scripts_and_ends_at_sign_out(world: World) -> None:
    link = world.root.post("users", json={"email": "dora@example.org"}).json()["sign_in_link"]
    browser = world.api.browser()
    cookie = browser.post("session", json={"sign_in_token": link.rpartition("/")[2]}).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    session = dict(browser.cookies)
    assert browser.delete("session").status_code == 204
    problem(browser.get("me"), 401)
    problem(world.api.client(cookies=session).get("me"), 401)


def test_a_password_signs_in_after_it_was_set(world: World) -> None:
    browser = new_user(world, "emil@example.org")
    problem(browser.put("me/password", json={"password": "short"}), 422)
    assert browser.put("me/password", json={"password": "correct horse battery"}).status_code == 204
    other = world.api.browser()
    problem(other.post("session", json={"email": "emil@example.org", "password": "wrong horse"}), 401)
    right = {"email": "Emil@example.org", "password": "correct horse battery"}
    assert other.post("session", json=right).status_code == 204
    assert other.get("me").json()["email"] == "emil@example.org"


def test_a_new_password_signs_out_everybody_else(world: World) -> None:
    """Whoever had the old one, or a stolen cookie, is out; where it was set, and with API tokens, one stays in."""
    browser = new_user(world, "fritz@example.org")
    token = world.api.client(browser.post("tokens", json={"name": "script"}).json()["token"])
    for password in ("correct horse battery", "better horse battery"):
        assert browser.put("me/password", json={"password": password}).status_code == 204
        other = world.api.browser()
        signing_in = {"email": "fritz@example.org", "password": password}
        assert other.post("session", json=signing_in).status_code == 204
        if password.startswith("correct"):
            thief = other
    assert [client.get("me").status_code for client in (browser, other, token)] == [200, 200, 200]
    problem(thief.get("me"), 401)
    problem(world.api.browser().post("session", json=signing_in | {"password": "correct horse battery"}), 401)
    assert world.ana.get("me").status_code == 200


def test_a_new_password_ends_links_that_nobody_used(world: World) -> None:
    """One that somebody else has read signs nobody in any more."""
    browser = new_user(world, "gerd@example.org")
    links = [world.api.sign_in_link(email) for email in ("gerd@example.org", "ben@example.org")]
    assert browser.put("me/password", json={"password": "correct horse battery"}).status_code == 204
    unused, others = ({"sign_in_token": link.rpartition("/")[2]} for link in links)
    problem(world.api.browser().post("session", json=unused), 401)
    assert world.api.browser().post("session", json=others).status_code == 204


def try_password(world: World, email: str, address: str, password: str = "wrong horse battery") -> int:
    body = {"email": email, "password": password}
    return world.api.browser().post("session", json=body, headers={"X-Forwarded-For": address}).status_code


def test_guessing_a_password_is_stopped_where_it_comes_from(world: World) -> None:
    """Who guesses locks out neither the owner of the account, elsewhere, nor colleagues behind the same address."""
    new_user(world, "gina@example.org").put("me/password", json={"password": "correct horse battery"})
    guesses = [try_password(world, "gina@example.org", "10.0.1.1") for _ in range(11)]
    assert guesses == [401] * 10 + [429]
    assert try_password(world, "gina@example.org", "10.0.1.1", "correct horse battery") == 429
    assert try_password(world, "gina@example.org", "10.0.1.2", "correct horse battery") == 204
    assert try_password(world, "somebody@example.org", "10.0.1.1") == 401


def test_who_signs_in_is_not_counted(world: World) -> None:
    new_user(world, "hans@example.org").put("me/password", json={"password": "correct horse battery"})
    signed_in = [try_password(world, "hans@example.org", "10.0.2.1", "correct horse battery") for _ in range(12)]
    assert signed_in == [204] * 12


def test_an_ipv6_network_is_one_guesser(world: World) -> None:
    """Whoever has one address has all of its /64; an IPv4 address in the guise of IPv6 is that address."""
    guesses = [try_password(world, "nobody6@example.org", f"2001:db8:0:1::{n:x}") for n in range(1, 12)]
    assert guesses == [401] * 10 + [429]
    assert try_password(world, "nobody6@example.org", "2001:db8:0:2::1") == 401
    assert [try_password(world, "nobody4@example.org", f"::ffff:10.0.3.{n}") for n in range(11)] == [401] * 11


def test_only_administrators_add_users(world: World) -> None:
    problem(world.ana.post("users", json={"email": "eve@example.org"}), 403)
    problem(world.ana.post("sign-in-links", json={"email": "ben@example.org"}), 403)
    problem(world.ana.get("audit"), 403)
    problem(world.root.post("users", json={"email": "ana@example.org"}), 409)
    for email in ("", "no address", "a@b c", "a@", "ä@\n", "x" * 300 + "@example.org"):
        problem(world.root.post("users", json={"email": email}), 422)


def test_an_administrator_makes_a_new_link(world: World) -> None:
    link = world.root.post("sign-in-links", json={"email": "ben@example.org"}).json()["sign_in_link"]
    assert sign_in_by_link(world, link).get("me").json()["email"] == "ben@example.org"
    problem(world.root.post("sign-in-links", json={"email": "nobody@example.org"}), 404)


def test_tokens_are_shown_once_listed_without_secret_and_revoked(world: World) -> None:
    browser = new_user(world, "fred@example.org")
    made = browser.post("tokens", json={"name": " laptop "}).json()
    client = world.api.client(made["token"])
    assert client.get("me").json()["email"] == "fred@example.org"
    (listed,) = client.get("tokens").json()["items"]
    assert (listed["name"], listed["id"], set(listed)) == ("laptop", made["id"], {"id", "name", "created_at"})
    problem(world.ana.delete(f"tokens/{made['id']}"), 404)
    assert client.delete(f"tokens/{made['id']}").status_code == 204
    problem(client.get("me"), 401)
    for name in ("", "a\nb", "x" * 81):
        problem(browser.post("tokens", json={"name": name}), 422)


def test_the_database_holds_no_secret_that_was_handed_out(world: World) -> None:
    """A stolen database opens nothing."""
    link = world.root.post("users", json={"email": "gil@example.org"}).json()["sign_in_link"]
    browser = sign_in_by_link(world, link)
    token = browser.post("tokens", json={"name": "x"}, headers={"Idempotency-Key": "gil-1"}).json()["token"]
    secrets = [link.rpartition("/")[2], token, *browser.cookies.values()]
    kept = b"".join(file.read_bytes() for file in world.api.base.glob("api.sqlite*"))
    assert kept
    assert [secret for secret in secrets if secret.encode() in kept] == []


def test_sessions_are_listed_and_ended_by_their_user(world: World) -> None:
    link = world.api.sign_in_link("ben@example.org")
    browser = world.api.browser()
    assert browser.post("session", json={"sign_in_token": link.rpartition("/")[2]}).status_code == 204
    (own,) = [session for session in browser.get("sessions").json()["items"] if session["is_this"]]
    assert own["agent"].startswith("python-httpx")
    assert not any(session["is_this"] for session in world.ben.get("sessions").json()["items"])
    problem(world.ana.delete(f"sessions/{own['id']}"), 404)
    assert world.ben.delete(f"sessions/{own['id']}").status_code == 204
    problem(browser.get("me"), 401)
