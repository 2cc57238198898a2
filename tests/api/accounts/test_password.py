"""Which passwords are good enough."""

import asyncio

import pytest

from daemons.api.accounts.password import hash_password, is_password
from shared.domain.errors import InvalidInput

ANA = "ana.baker@bakery-ana.example"


@pytest.mark.parametrize("password", ["three good words", "Fährt der Bus?", "x" * 30 + "7Hq!pZ2v", "9fK2-mQ8w-Lp4z"])
def test_what_nobody_guesses_is_kept_as_a_hash(password: str) -> None:
    hashed = asyncio.run(hash_password(password, ANA))
    assert password not in hashed
    assert asyncio.run(is_password(hashed, password))
    assert not asyncio.run(is_password(hashed, password + "x"))


@pytest.mark.parametrize(
    "password",
    ["password123", "1234567890", "qwertyuiop", "aaaaaaaaaaaa", ANA, "bakery-ana", "PageWright1", "12.12.2012"],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput, match="easy to guess"):
        asyncio.run(hash_password(password, ANA))


@pytest.mark.parametrize("password", ["", "too short", "x" * 1001])
def test_too_short_and_endless_ones_are_refused(password: str) -> None:
    with pytest.raises(InvalidInput, match="10 to 1000 characters"):
        asyncio.run(hash_password(password, ANA))


def test_no_password_and_a_damaged_one_are_never_right() -> None:
    assert not asyncio.run(is_password(None, ""))
    assert not asyncio.run(is_password("no hash", "no hash"))
