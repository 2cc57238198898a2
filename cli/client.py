"""The JSON API as the command line uses it: documents in and out, problems as errors, events as they come."""

import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shared.clients.daemon import PublicClient, Response, TransportError, error_from, open_public_client
from shared.domain.errors import InvalidInput, Unavailable
from shared.domain.vocabulary import new_id

JsonObject = dict[str, Any]

DEFAULT_URL = "http://localhost:8000"
_MOST_FAILURES = 10


class ApiClient:
    """The API at one URL, for one token; every method raises a PageWrightError that says what went wrong.

    Nothing stays open between two calls.
    """

    def __init__(self, url: str, token: str | None) -> None:
        self.url = url.rstrip("/")
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **query: object) -> JsonObject:
        """One document; query parameters that are None are left out."""
        parameters = {name: str(value) for name, value in query.items() if value is not None}
        with self._open() as http:
            response = http.get(path, params=parameters)
        return self._document(response)

    def post(self, path: str, body: JsonObject | None = None) -> JsonObject:
        """Send a document with an idempotency key, so that a repeated request takes effect once."""
        with self._open() as http:
            response = http.post(path, json=body or {}, headers={"Idempotency-Key": new_id()})
        return self._document(response)

    def patch(self, path: str, body: JsonObject) -> JsonObject:
        """Change fields of a document."""
        with self._open() as http:
            response = http.patch(path, json=body)
        return self._document(response)

    def put(self, path: str, body: JsonObject) -> JsonObject:
        """Make something what a document says."""
        with self._open() as http:
            response = http.put(path, json=body)
        return self._document(response)

    def delete(self, path: str) -> JsonObject:
        """Delete something; what the API tells of that."""
        with self._open() as http:
            response = http.delete(path)
        return self._document(response)

    def import_site(self, fields: dict[str, str], archive: Path) -> JsonObject:
        """Create a site from an archive on this machine."""
        headers = {"Idempotency-Key": new_id()}
        with self._open() as http, archive.open("rb") as file:
            response = http.post("/sites", data=fields, files={"archive": (archive.name, file)}, headers=headers)
        return self._document(response)

    def upload(self, site: str, file: Path) -> JsonObject:
        """Send a file from this machine that a request of the site can name."""
        headers = {"Idempotency-Key": new_id()}
        with self._open() as http, file.open("rb") as opened:
            response = http.post(f"/sites/{site}/uploads", files={"file": (file.name, opened)}, headers=headers)
        return self._document(response)

    def items(self, path: str, parameter: str, most: int, **query: object) -> Iterator[JsonObject]:
        """Up to `most` items of a list in pages; `parameter` is what the list calls its cursor."""
        cursor: str | None = None
        while most > 0:
            page = self.get(path, limit=min(most, 100), **query, **{parameter: cursor})
            yield from page["items"]
            most, cursor = most - len(page["items"]), page["next"]
            if cursor is None:
                return

    def events(self, job: str) -> Iterator[tuple[str, JsonObject]]:
        """A job's events by name, the last one `final`.

        Resumes a broken stream where it broke. No retry: each request asks for what has not come yet.
        """
        last, failures = "", 0
        while True:
            try:
                for event_id, name, data in self._stream(f"/jobs/{job}/events", last):
                    last, failures = event_id or last, 0
                    yield name, data
                    if name == "final":
                        return
            except Unavailable:
                if (failures := failures + 1) > _MOST_FAILURES:
                    raise
            time.sleep(1)

    def download(self, path: str, target: Path, sha256: str | None = None, **query: object) -> None:
        """Save these bytes as a new file, whole or not at all; never overwrites a file."""
        partial = target.with_name(f".{target.name}.{new_id()}")
        try:
            self._fetch(path, partial, sha256, query)
            os.link(partial, target)
        except FileExistsError:
            raise InvalidInput(f"{target} is there already.", "Choose another name with --output.") from None
        finally:
            partial.unlink(missing_ok=True)

    def _fetch(self, path: str, target: Path, sha256: str | None, query: Mapping[str, object]) -> None:
        digest, parameters = hashlib.sha256(), {name: str(value) for name, value in query.items() if value is not None}
        with self._open() as http, http.stream("GET", path, params=parameters) as response, target.open("xb") as file:
            _raise_for_problem(response)
            for chunk in response.iter_bytes():
                digest.update(chunk)
                file.write(chunk)
        if sha256 and digest.hexdigest() != sha256:
            raise Unavailable("What arrived is not what was sent.", "Try again.")

    def _stream(self, path: str, last: str) -> Iterator[tuple[str, str, JsonObject]]:
        headers = {"Last-Event-ID": last} if last else {}
        with self._open() as http, http.stream("GET", path, headers=headers) as response:
            _raise_for_problem(response)
            yield from _server_sent_events(response.iter_lines())

    def _document(self, response: Response) -> JsonObject:
        _raise_for_problem(response)
        try:
            document: JsonObject = response.json()
        except ValueError:
            raise Unavailable(f"What answers at {self.url} is not PageWright.", "Check the URL.") from None
        return document

    @contextmanager
    def _open(self) -> Iterator[PublicClient]:
        try:
            client = open_public_client(f"{self.url}/api/v1", self.headers)
        except ValueError:
            raise InvalidInput(f"{self.url} is no API's address.", "Say one like http://localhost:8000.") from None
        try:
            with client:
                yield client
        except TransportError:
            hint = "Is it running? `make run` starts it on this machine; PAGEWRIGHT_URL says where it is."
            raise Unavailable(f"The API at {self.url} can't be reached.", hint) from None


def _raise_for_problem(response: Response) -> None:
    if not response.is_success:
        response.read()
        raise error_from(response)


def _server_sent_events(lines: Iterator[str]) -> Iterator[tuple[str, str, JsonObject]]:
    """(id, name, data) of each event in a text/event-stream."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        if line and name:
            fields[name] = value.removeprefix(" ")
        elif not line and "data" in fields:
            yield fields.get("id", ""), fields.get("event", "message"), json.loads(fields["data"])
            fields = {}
