"""A small server in the place of a local system: its API, and its sites as visitors get them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.support.small_server import SmallHandler, serving

FINAL = b"id: 1\nevent: final\ndata: {}\n\n"
_TOKEN = "token"


@dataclass
class SmallSystem:
    """A demo site with version 1; each edit makes the next, whose page is the message. What is wrong can be set."""

    port: int = 0
    has_site: bool = True
    ends_as: str = "succeeded"
    forgets_rollback: bool = False
    pages: dict[int, str] = field(default_factory=lambda: {1: "first"})
    current: int | None = 1
    asked: list[str] = field(default_factory=list)

    def page(self, host: str) -> str | None:
        """What visitors get under a host name."""
        number = max(self.pages) if host.startswith("preview--") else self.current
        return self.pages[number] if number else None

    def answer(self, method: str, path: str, body: dict[str, Any]) -> object:
        self.asked.append(f"{method} {path}")
        job = {"id": "j1", "state": self.ends_as, "version": max(self.pages), "answer": "", "error": None}
        match (method, path):
            case ("GET", "/sites/demo"):
                return self._site() if self.has_site else 404
            case ("POST", "/sites"):
                self.has_site, self.current = True, None
                return {"job": job}
            case ("POST", "/sites/demo/jobs"):
                self.pages[max(self.pages) + 1] = body["message"]
            case ("POST", "/sites/demo/deployments"):
                if not (self.forgets_rollback and body["version"] == 1):
                    self.current = body["version"]
                return body
            case ("GET", "/jobs/j1/events"):
                return FINAL
            case ("GET", version) if "/versions/" in version:
                files: dict[str, list[str]] = {"added": [], "modified": [], "removed": []}
                return {"number": max(self.pages), "files": files, "checks": []}
        return job

    def _site(self) -> dict[str, Any]:
        urls = {slot: f"http://{slot}--demo.localhost:{self.port}/" for slot in ("preview", "current")}
        slots = {"preview": max(self.pages)} | ({"current": self.current} if self.current else {})
        return {"name": "demo", "slots": slots, "urls": urls}


@contextmanager
def small_system(**more: Any) -> Iterator[SmallSystem]:  # noqa: ANN401
    """It answers on a port of its own until the block ends."""
    system = SmallSystem(**more)

    class Handler(SmallHandler):
        def respond(self) -> None:
            body = self.sent() or {}
            path, _, _ = self.path.partition("?")
            if not path.startswith("/api/v1"):
                page = system.page(self.headers["Host"])
                return self.answer(404 if page is None else 200, (page or "").encode(), "text/html")
            known = self.headers.get("Authorization") == f"Bearer {_TOKEN}"
            given = system.answer(self.command, path.removeprefix("/api/v1"), body) if known else 401
            if isinstance(given, int):
                return self.answer(given, b'{"detail": "No.", "hint": ""}', "application/problem+json")
            if isinstance(given, bytes):
                return self.answer(200, given, "text/event-stream")
            return self.answer_json(given)

    with serving(Handler) as system.port:
        yield system
