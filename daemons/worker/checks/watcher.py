"""Listens to one page while it loads; runs inside the sandbox."""

from playwright.async_api import ConsoleMessage, Page, Request, Response
from playwright.async_api import Error as BrowserError

from daemons.worker.checks.cutting import (
    Cut,
    clean,
    cut_records,
    first_source,
    is_foreign,
    told_address,
    without_origin,
)
from daemons.worker.checks.observation import MOST_ERRORS

# A page that makes more than this is counted no further.
_MOST_KEPT = 5_000


class Watcher:
    """What one page told while it was open."""

    def __init__(self, page: Page, origin: str) -> None:
        self._origin = origin
        self._errors: list[dict[str, str]] = []
        self._failed: list[dict[str, str]] = []
        self._blocked: list[dict[str, str]] = []
        page.on("console", self._console)
        page.on("pageerror", self._script_error)
        page.on("requestfailed", self._request_failed)
        page.on("response", self._response)

    def report(self) -> dict[str, Cut]:
        """The parts of a PageObservation that are known."""
        return {
            "console": cut_records(self._errors, MOST_ERRORS),
            "failed": cut_records(self._failed, MOST_ERRORS),
            "blocked": cut_records(self._blocked, MOST_ERRORS),
        }

    def _console(self, message: ConsoleMessage) -> None:
        # A resource that did not load is reported by its request already.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            source = told_address(message.location.get("url", ""), self._origin)
            self._note(self._errors, text=without_origin(f"console error: {message.text}", self._origin), source=source)

    def _script_error(self, error: BrowserError) -> None:
        text = without_origin(f"script error: {error.message}", self._origin)
        self._note(self._errors, text=text, source=first_source(error.stack or "", self._origin))

    def _request_failed(self, request: Request) -> None:
        kept = self._blocked if is_foreign(request.url, self._origin) else self._failed
        self._note_request(kept, request, request.failure or "")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self._note_request(self._failed, response.request, str(response.status))

    def _note_request(self, kept: list[dict[str, str]], request: Request, reason: str) -> None:
        address = told_address(request.url, self._origin)
        self._note(kept, address=address, reason=clean(reason), kind=clean(request.resource_type))

    def _note(self, kept: list[dict[str, str]], **record: str) -> None:
        if len(kept) < _MOST_KEPT:
            kept.append(record)
