"""People and tokens."""

from argparse import Namespace

from cli.session import Session


def add_user(session: Session, arguments: Namespace) -> None:
    """Add a user and say how they sign in for the first time."""
    made = session.api.post("/users", {"email": arguments.email, "admin": arguments.admin})
    session.answer(
        made, f"{made['user']['email']} can sign in once, within 24 hours, with this link:", made["sign_in_link"]
    )


def create_token(session: Session, arguments: Namespace) -> None:
    """Make a token for the API; it is shown this once."""
    made = session.api.post("/tokens", {"name": arguments.name})
    session.answer(made, made["token"])
