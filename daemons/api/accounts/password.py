"""Passwords: which are good enough, how they are kept, and whether one is right."""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from daemons.api.accounts.credentials import new_secret
from shared.domain.errors import InvalidInput

_LENGTHS = range(10, 1001)
_JUDGED = 72  # characters; whatever follows them only makes it better
_GUESSABLE = 1  # of zxcvbn's 0 to 4: found within a million guesses
_GOOD = "Three or four words that have nothing to do with each other make a good one."


async def hash_password(password: str, email: str) -> str:
    """What to keep of it; raises InvalidInput if it is too short, or easy to guess for who knows the address."""
    if len(password) not in _LENGTHS:
        raise InvalidInput("A password has 10 to 1000 characters.", "Three or four words make a good one.")
    if await asyncio.to_thread(_is_guessable, password, email):
        raise InvalidInput("This password is easy to guess.", _GOOD)
    return await asyncio.to_thread(_hasher().hash, password)


async def is_password(hashed: str | None, password: str) -> bool:
    """Whether it is the one that was kept; takes as long if there is none, so that nobody learns who has an account."""
    right = await asyncio.to_thread(_verify, hashed or _nobodys_hash(), password)
    return hashed is not None and right


def _is_guessable(password: str, email: str) -> bool:
    """Lists of leaked passwords, names, dates and keyboard rows are looked through."""
    from zxcvbn import zxcvbn  # noqa: PLC0415 -- its lists are large, and few processes ever need them

    name, _, domain = email.partition("@")
    known = [email, name, domain, *domain.split("."), "pagewright"]
    return bool(zxcvbn(password[:_JUDGED], known)["score"] <= _GUESSABLE)


def _verify(hashed: str, password: str) -> bool:
    try:
        return _hasher().verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobodys_hash() -> str:
    return _hasher().hash(new_secret("nobody"))
