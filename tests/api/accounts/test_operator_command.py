"""What an operator does on the machine: a user, a token, a sign-in link, each a line."""

import subprocess

import httpx
import pytest

from tests.api.conftest import World


def sign_in_by_link(world: World, link: str) -> httpx.Client:
    browser = world.api.browser()
    answer = browser.post("session", json={"sign_in_token": link.rpartition("/")[2]})
    assert answer.status_code == 204, answer.text
    return browser


def test_operator_commands_print_one_line_each(world: World) -> None:
    assert world.api.operator("add-user", "Hedi@example.org", "--admin") == "hedi@example.org"
    token = world.api.operator("create-token", "hedi@example.org", "--name", "laptop")
    assert world.api.client(token).get("me").json()["admin"] is True
    token = world.api.operator("add-user", "ida@example.org", "--token", "laptop")
    assert world.api.client(token).get("me").json()["email"] == "ida@example.org"
    link = world.api.operator("sign-in-link", "hedi@example.org")
    assert sign_in_by_link(world, link).get("me").json()["email"] == "hedi@example.org"


def test_operator_commands_fail_with_a_sentence(world: World) -> None:
    for arguments in (["add-user", "ana@example.org"], ["sign-in-link", "nobody@example.org"]):
        with pytest.raises(subprocess.CalledProcessError) as error:
            world.api.operator(*arguments)
        assert error.value.returncode == 1
        assert len(error.value.stderr.splitlines()) == 1
