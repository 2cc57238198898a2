"""The ticket that lets one job reach the model daemon.

A ticket is `payload.signature`, both base64url: a small JSON of job, site and expiry, and its HMAC-SHA256 under the
key that workers, api and model share. The sandbox never sees it; the worker adds it to each relayed request.
"""

import base64
import binascii
import hmac
import time

from pydantic import ValidationError

from shared.domain.errors import NotSignedIn
from shared.domain.vocabulary import JobId, Record, SiteName


class Ticket(Record):
    """The job and site that ask the model, and until when (Unix seconds)."""

    job: JobId
    site: SiteName
    expires: int


def issue_ticket(key: bytes, *, job: str, site: str, seconds: float) -> str:
    """A ticket that is good for `seconds` from now."""
    ticket = Ticket(job=job, site=site, expires=int(time.time() + seconds) + 1)
    payload = _encode(ticket.model_dump_json().encode())
    return f"{payload}.{_sign(key, payload)}"


def read_ticket(key: bytes, text: str) -> Ticket:
    """The ticket if it is genuine and in date; raises NotSignedIn otherwise."""
    payload, _, signature = text.partition(".")
    if not hmac.compare_digest(signature.encode(), _sign(key, payload).encode()):
        raise NotSignedIn("The job's ticket is not genuine.", "Check that all daemons share one ticket key.")
    try:
        ticket = Ticket.model_validate_json(base64.urlsafe_b64decode(payload))
    except (ValidationError, binascii.Error):
        raise NotSignedIn("The job's ticket can't be read.") from None
    if ticket.expires < time.time():
        raise NotSignedIn("The job's ticket has expired.")
    return ticket


def _sign(key: bytes, payload: str) -> str:
    return _encode(hmac.digest(key, payload.encode(), "sha256"))


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()
