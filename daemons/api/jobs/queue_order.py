"""In which order the jobs of a site run: as they were asked for, until somebody moves one that waits; pure."""

from collections.abc import Collection, Sequence

from shared.domain.errors import Conflict, InvalidInput


def begun() -> Conflict:
    """What is told who wants to change a request that a worker has."""
    return Conflict("This request has begun.", "Stop it, or ask for what should be otherwise.")


def moved(order: Sequence[str], job: str, before: str | None, fixed: Collection[str]) -> list[str]:
    """The order with a job directly before another one, or at the end.

    Those that are `fixed` keep their places: they have begun, or what they do depends on what came before. Raises
    Conflict if one of them would have to move, InvalidInput if `before` is none of these jobs.
    """
    if job not in order or job in fixed:
        raise begun()
    if before is not None and before not in order:
        raise InvalidInput("There is no such request to go before.", "Name one of this site that waits.")
    others = [one for one in order if one != job]
    place = len(others) if before is None else order.index(job) if before == job else others.index(before)
    wanted = [*others[:place], job, *others[place:]]
    if any(old != new and old in fixed for old, new in zip(order, wanted, strict=True)):
        raise Conflict(
            "This request can’t go there.", "Only requests in words that wait change places, and only among themselves."
        )
    return wanted


def turns(order: Sequence[str], wanted: Sequence[str], turn: dict[str, str]) -> dict[str, str]:
    """The turns with which jobs run in the wanted order: the same ones, dealt out anew; only those that change."""
    dealt = zip(wanted, (turn[job] for job in order), strict=True)
    return {job: own for job, own in dealt if turn[job] != own}
