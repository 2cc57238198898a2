"""People of machines under test: a visitor who asks their nginx over TLS, and an owner who uses their JSON API."""

import http.client
import json
import socket
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any
from uuid import uuid4

from tests.machine.booted_machine import Machine
from tests.machine.rollout import APP_HOST, SITES_DOMAIN

Document = dict[str, Any]
_JOB_SECONDS = 300
_AWAY = (502, 503)


@dataclass(frozen=True)
class Answer:
    """What nginx answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Visitor:
    """Every connection goes to the next of the web hosts, as names with several addresses lead to them in turn.

    Their certificate must fit the name that was asked for. `patience_seconds` is how long they ask again when the JSON
    API is away, as its hint says: with the same Idempotency-Key.
    """

    machines: Sequence[Machine]
    certificate: str
    token: str = field(default="", repr=False)
    patience_seconds: float = 0
    _turns: Iterator[Machine] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._turns = cycle(self.machines)

    def at(self, machine: Machine) -> "Visitor":
        """The same person, who now asks this web host alone."""
        return Visitor([machine], self.certificate, self.token)

    def get(self, host: str, path: str = "/") -> Answer:
        """A page over HTTPS."""
        return self.ask("GET", host, path)

    def get_plain(self, host: str, path: str = "/") -> Answer:
        """A page without encryption."""
        return _talk(http.client.HTTPConnection(next(self._turns).address, 80, timeout=30), "GET", host, path)

    def site(self, name: str, path: str = "/") -> bytes:
        """A page of a site, which must be there; `preview--NAME` is its preview."""
        answer = self.get(f"{name}.{SITES_DOMAIN}", path)
        assert answer.status == 200, f"{name}{path} answered {answer.status}"
        return answer.body

    def call(self, method: str, path: str, body: Document | None = None) -> Document:
        """A call of the JSON API as the owner of the token; fails with the problem that it answers."""
        answer = self.ask_api(method, path, body)
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.body.decode()[:1000]}"
        document: Document = json.loads(answer.body)
        return document

    def ask_api(self, method: str, path: str, body: Document | None = None) -> Answer:
        """The same, whatever the answer is."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if method == "POST":
            headers["Idempotency-Key"] = uuid4().hex
        data = json.dumps(body or {}).encode() if method == "POST" else None
        deadline = time.monotonic() + self.patience_seconds
        while True:
            answer = self.ask(method, APP_HOST, f"/api/v1{path}", headers, data)
            if answer.status not in _AWAY or time.monotonic() > deadline:
                return answer
            time.sleep(0.2)

    def finished(self, job: Document) -> Document:
        """The job when it has ended, which must be by success."""
        job = self.ended(job)
        assert job["state"] == "succeeded", job
        return job

    def ended(self, job: Document) -> Document:
        """The job when it has ended, however it did."""
        deadline = time.monotonic() + _JOB_SECONDS
        while job["state"] in ("queued", "running"):
            assert time.monotonic() < deadline, f"the job does not end: {job}"
            time.sleep(0.2)
            job = self.call("GET", f"/jobs/{job['id']}")
        return job

    def ask(
        self, method: str, host: str, path: str, headers: Mapping[str, str] = {}, data: bytes | None = None
    ) -> Answer:
        """One request on a connection of its own."""
        trusted = ssl.create_default_context(cadata=self.certificate)
        connection = http.client.HTTPSConnection(host, timeout=60, context=trusted)
        plain = socket.create_connection((next(self._turns).address, 443), timeout=60)
        connection.sock = trusted.wrap_socket(plain, server_hostname=host)
        return _talk(connection, method, host, path, headers, data)


def _talk(
    connection: http.client.HTTPConnection,
    method: str,
    host: str,
    path: str,
    headers: Mapping[str, str] = {},
    data: bytes | None = None,
) -> Answer:
    try:
        connection.request(method, path, data, {"Host": host, **headers})
        response = connection.getresponse()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
    finally:
        connection.close()
