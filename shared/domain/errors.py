"""All errors of PageWright: each has a sentence for the person, a hint what to do, and an HTTP status."""

from http import HTTPStatus
from typing import Any, ClassVar


class PageWrightError(Exception):
    """Something that a person can be told. Details for operators belong in the journal instead."""

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    retry_after_seconds: ClassVar[int | None] = None

    @property
    def headers(self) -> dict[str, str]:
        """What an answer that tells this error has in its header."""
        return {} if self.retry_after_seconds is None else {"Retry-After": str(self.retry_after_seconds)}

    def __init__(self, detail: str, hint: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.hint = hint

    def problem(self) -> dict[str, Any]:
        """The error as an RFC 9457 problem, with our extension `hint`."""
        return {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": int(self.status),
            "detail": self.detail,
            "hint": self.hint,
        }


class InvalidInput(PageWrightError):
    """The request can never work as it is; `choices` are answers to a question with which it would."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, detail: str, hint: str = "", choices: tuple[str, ...] = ()) -> None:
        super().__init__(detail, hint)
        self.choices = choices

    def problem(self) -> dict[str, Any]:
        """The problem, with the extra member `choices` if there are any."""
        return {**super().problem(), **({"choices": list(self.choices)} if self.choices else {})}


class NotSignedIn(PageWrightError):
    """The request has no credentials, or unknown ones."""

    status = HTTPStatus.UNAUTHORIZED


class NotAllowed(PageWrightError):
    """The user is known, and may not do this."""

    status = HTTPStatus.FORBIDDEN


class NotFound(PageWrightError):
    """The thing named does not exist."""

    status = HTTPStatus.NOT_FOUND


class Gone(PageWrightError):
    """The thing named was deleted; it may be possible to bring it back."""

    status = HTTPStatus.GONE


class Conflict(PageWrightError):
    """The request does not fit the present state."""

    status = HTTPStatus.CONFLICT


class StaleFence(PageWrightError):
    """Another worker has taken over this site since; `fence` is the highest that storage has seen."""

    status = HTTPStatus.PRECONDITION_FAILED

    def __init__(self, detail: str, hint: str = "", fence: int = 0) -> None:
        super().__init__(detail, hint)
        self.fence = fence

    def problem(self) -> dict[str, Any]:
        """The problem with the extra member `fence`, so that the next claim can be drawn above it."""
        return {**super().problem(), "fence": self.fence}


class TooLarge(PageWrightError):
    """More bytes, files or text than a limit allows."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class TooMany(PageWrightError):
    """A budget or rate is used up."""

    status = HTTPStatus.TOO_MANY_REQUESTS


class InsufficientStorage(PageWrightError):
    """The disk, or a quota on it, is full."""

    status = HTTPStatus.INSUFFICIENT_STORAGE


class BadGateway(PageWrightError):
    """A service outside PageWright answered with an error."""

    status = HTTPStatus.BAD_GATEWAY


class Unavailable(PageWrightError):
    """A part of PageWright can't be reached; trying again may help."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class Busy(Unavailable):
    """Too many ask a part of PageWright at once. Nothing was done; in a moment there may be room."""

    retry_after_seconds = 2


class Stopping(Unavailable):
    """This process stops before the answer is there; another one, or the next, may have it soon."""

    retry_after_seconds = 5


def _all_errors(base: type[PageWrightError]) -> dict[int, type[PageWrightError]]:
    """Status → error class; leaves out classes without a status of their own, such as those of commands."""
    return {int(cls.status): cls for cls in (base, *base.__subclasses__()) if "status" in vars(cls)}


def from_problem(status: int, problem: object) -> PageWrightError:
    """The error that another daemon answered with, from its status and decoded problem body."""
    fields = problem if isinstance(problem, dict) else {}
    cls = _all_errors(PageWrightError).get(status, PageWrightError)
    error = cls(str(fields.get("detail") or f"The answer was {status}."), str(fields.get("hint") or ""))
    if isinstance(error, StaleFence) and isinstance(fields.get("fence"), int):
        error.fence = fields["fence"]
    if isinstance(error, InvalidInput) and isinstance(fields.get("choices"), list):
        error.choices = tuple(map(str, fields["choices"]))
    return error
