"""Requests that wait: list them, change what they say or when they run, withdraw them."""

from argparse import Namespace
from collections.abc import Sequence

from cli.client import JsonObject
from cli.session import Session
from cli.terminal_text import shortened


def list_waiting(session: Session, arguments: Namespace) -> None:
    """One line for each, in the order in which they will run."""
    _tell(session, session.api.get(f"/sites/{arguments.site}/queue")["items"])


def edit(session: Session, arguments: Namespace) -> None:
    """Change what one says."""
    body = {"message": arguments.message} | ({"edits": arguments.edits} if arguments.edits is not None else {})
    job = session.api.patch(f"/jobs/{arguments.job}", body)
    session.answer(job, f"It says now: {shortened(job['message'], 60)}")


def move(session: Session, arguments: Namespace) -> None:
    """Let one run before another, or last; tells the new order."""
    body = {"before": arguments.before} if arguments.before else {}
    _tell(session, session.api.post(f"/jobs/{arguments.job}/move", body)["items"])


def withdraw(session: Session, arguments: Namespace) -> None:
    """Withdraw what waits; tells how many that were, and which had begun."""
    answer = session.api.post(f"/sites/{arguments.site}/queue/cancel", {"jobs": arguments.jobs})
    number, begun = len(answer["withdrawn"]), answer["begun"]
    told = {0: "Nothing was withdrawn.", 1: "1 request was withdrawn."}
    session.answer(
        answer, told.get(number, f"{number} requests were withdrawn."), *(f"Had begun: {_line(job)}" for job in begun)
    )


def _tell(session: Session, jobs: Sequence[JsonObject]) -> None:
    session.answer(jobs, *([_line(job) for job in jobs] or ["Nothing waits."]))


def _line(job: JsonObject) -> str:
    edited = "  (edited)" if job["edits"] else ""
    return f"{job['id']}  {shortened(job['message'], 60)}{edited}"
