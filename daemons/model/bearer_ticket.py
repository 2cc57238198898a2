"""Reads the ticket that a request to the model daemon has in its head."""

from starlette.requests import Request

from shared.domain.errors import NotSignedIn


def bearer_ticket(request: Request) -> str:
    """The ticket's text, not verified. Raises NotSignedIn without one."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise NotSignedIn("The model is asked without a job's ticket.")
    return text.strip()
