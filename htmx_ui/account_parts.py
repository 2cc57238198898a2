"""The parts of the account page, as its template sees them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SessionView:
    """Where somebody is signed in; `browser` is empty if it said nothing of itself."""

    id: str
    browser: str
    at: datetime
    is_this: bool


@dataclass(frozen=True)
class TokenView:
    """An API token, without its secret."""

    id: str
    name: str
    at: datetime
