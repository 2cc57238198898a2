"""Counting attempts to sign in: what stops guessing must not be a way to do harm itself."""

import sys
from contextlib import suppress

import pytest

from daemons.api.attempts import Attempts
from shared.errors import TooMany


def held(attempts: Attempts) -> int:
    """Bytes of the table of keys."""
    return sys.getsizeof(attempts._times)


def test_attempts_that_are_refused_take_no_memory() -> None:
    """One address that is used up goes on with ever new e-mail addresses."""
    attempts = Attempts(most=10, seconds=900)
    for n in range(10):
        attempts.count(f"email {n}", "address 10.0.0.1")
    before = held(attempts)
    for n in range(20_000):
        with pytest.raises(TooMany):
            attempts.count(f"email new {n}", "address 10.0.0.1")
    assert held(attempts) == before


def test_who_is_stopped_frees_nobody_else() -> None:
    """An address that is used up can't push out the count of the account that it guesses at."""
    attempts = Attempts(most=10, seconds=900)
    for n in range(10):
        attempts.count("email ana@example.org", f"address 10.0.0.{n}")
        attempts.count(f"email {n}", "address 10.0.1.1")
    for n in range(10_001):
        with suppress(TooMany):
            attempts.count(f"email new {n}", "address 10.0.1.1")
    attempts.count("email ben@example.org", "address 10.0.3.1")
    with pytest.raises(TooMany):
        attempts.count("email ana@example.org", "address 10.0.2.1")


def test_attempts_are_forgotten_in_time() -> None:
    attempts = Attempts(most=1, seconds=0)
    for _ in range(3):
        attempts.count("email ana@example.org")
