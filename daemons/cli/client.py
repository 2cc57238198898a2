"""The JSON API as the command line uses it: documents in and out, problems as errors, events as they come."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shared.daemon_client import PublicClient, Response, TransportError, error_from, open_public_client
from shared.errors import InvalidInput, Unavailable
from shared.vocabulary import JobState, new_id

Document = dict[str, Any]


class ApiClient:
    """The API at one URL, for one token; every method raises a PageWrightError that says what went wrong."""

    def __init__(self, url: str, token: str | None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            self._http: PublicClient = open_public_client(url.rstrip("/") + "/api/v1", headers)
        except ValueError:
            raise InvalidInput(f"{url} is not the address of an API.", "Say one like http://localhost:8000.") from None
        self._url = url

    def get(self, path: str, **query: object) -> Document:
        """One document; query parameters that are None are left out."""
        parameters = {name: str(value) for name, value in query.items() if value is not None}
        with self._reaching():
            response = self._http.get(path, params=parameters)
        return self._document(response)

    def post(self, path: str, body: Document | None = None) -> Document:
        """Send a document; a key makes sure that a request sent twice takes effect once."""
        with self._reaching():
            response = self._http.post(path, json=body or {}, headers={"Idempotency-Key": new_id()})
        return self._document(response)

    def import_site(self, fields: dict[str, str], archive: Path) -> Document:
        """Create a site from an archive on this machine."""
        headers = {"Idempotency-Key": new_id()}
        with self._reaching(), archive.open("rb") as file:
            response = self._http.post("/sites", data=fields, files={"archive": (archive.name, file)}, headers=headers)
        return self._document(response)

    def items(self, path: str, parameter: str, most: int, **query: object) -> Iterator[Document]:
        """Up to `most` items of a list in pages; `parameter` is what the list calls its cursor."""
        cursor: str | None = None
        while most > 0:
            page = self.get(path, limit=min(most, 100), **query, **{parameter: cursor})
            yield from page["items"]
            most, cursor = most - len(page["items"]), page["next"]
            if cursor is None:
                return

    def events(self, job: str) -> Iterator[tuple[str, Document]]:
        """A job's events by name until it ends; a broken stream is taken up where it broke."""
        last = ""
        while True:
            with self._reaching(), self._http.stream("GET", f"/jobs/{job}/events", headers=_resume(last)) as response:
                _raise_for_problem(response)
                for event_id, name, data in _server_sent_events(response.iter_lines()):
                    last = event_id or last
                    yield name, data
            if JobState(self.get(f"/jobs/{job}")["state"]).final:
                return

    def download(self, path: str, target: Path) -> None:
        """Save what the path gives as a new file; a file that exists is left alone."""
        with self._reaching(), self._http.stream("GET", path) as response:
            _raise_for_problem(response)
            try:
                with target.open("xb") as file:
                    for chunk in response.iter_bytes():
                        file.write(chunk)
            except FileExistsError:
                raise InvalidInput(f"{target} is there already.", "Choose another name with --output.") from None

    def _document(self, response: Response) -> Document:
        _raise_for_problem(response)
        try:
            document: Document = response.json()
        except ValueError:
            raise Unavailable(f"What answers at {self._url} is not PageWright.", "Check the URL.") from None
        return document

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except TransportError:
            hint = "Is it running? `make run` starts it on this machine; PAGEWRIGHT_URL says where it is."
            raise Unavailable(f"The API at {self._url} can't be reached.", hint) from None


def _resume(last: str) -> dict[str, str]:
    return {"Last-Event-ID": last} if last else {}


def _raise_for_problem(response: Response) -> None:
    if not response.is_success:
        response.read()
        raise error_from(response)


def _server_sent_events(lines: Iterator[str]) -> Iterator[tuple[str, str, Document]]:
    """(id, name, data) of each event in a text/event-stream."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        if line and name:
            fields[name] = value.removeprefix(" ")
        elif not line and "data" in fields:
            yield fields.get("id", ""), fields.get("event", "message"), json.loads(fields["data"])
            fields = {}
