"""People and tokens: secrets are told once, on a line of their own."""

import json

from tests.cli.commands.conftest import ScriptedApi


def test_a_new_user_comes_with_a_link(api: ScriptedApi) -> None:
    made = {"user": {"email": "ben@example.org"}, "sign_in_link": "http://app.test/sign-in/x"}
    api.answer({"POST /users": made})
    status, said, _ = api.run("user", "add", "ben@example.org", "--admin")
    assert (status, said.splitlines()[1]) == (0, "http://app.test/sign-in/x")
    assert "ben@example.org can sign in once, within 24 hours" in said
    assert api.bodies("POST /users") == [{"email": "ben@example.org", "admin": True}]


def test_a_token_is_all_that_is_written(api: ScriptedApi) -> None:
    api.answer({"POST /tokens": {"id": "1", "name": "a script", "token": "pw-token-x"}})
    assert api.run("token", "create", "a script") == (0, "pw-token-x\n", "")
    assert json.loads(api.run("token", "create", "a script", "--json")[1])["token"] == "pw-token-x"


def test_who_may_not_is_told_so(api: ScriptedApi) -> None:
    api.answer({"POST /users": 403})
    status, said, error = api.run("user", "add", "ben@example.org")
    assert (status, said, error.splitlines()) == (1, "", ["pagewright: No: 403.", "Look."])
