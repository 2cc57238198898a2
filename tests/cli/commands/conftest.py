"""The commands in this process, against an API whose answers a test gives."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cli.__main__ import main
from tests.support.small_server import SmallHandler, serving

NO_FILES = {"added": [], "modified": [], "removed": []}


@dataclass
class ScriptedApi:
    """Answers by method and path; several answers to one are given in turn. `asked` has each path with its body."""

    capsys: pytest.CaptureFixture[str]
    answers: dict[str, list[object]] = field(default_factory=dict)
    asked: list[tuple[str, Any]] = field(default_factory=list)

    def answer(self, answers: Mapping[str, object]) -> None:
        """Give these, such as `{"GET /sites/bakery": {…}}`; an integer is a status with a problem."""
        for request, document in answers.items():
            self.answers.setdefault(request, []).append(document)

    def take(self, request: str) -> object:
        waiting = self.answers.get(request, [404])
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    def run(self, *words: str) -> tuple[int, str, str]:
        """A command's exit status, and what it wrote to stdout and stderr."""
        status = main(words)
        told = self.capsys.readouterr()
        return status, told.out, told.err

    def bodies(self, request: str) -> list[Any]:
        return [body for asked, body in self.asked if asked == request]


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[ScriptedApi]:
    """The API that the commands find."""
    scripted = ScriptedApi(capsys)

    class Handler(SmallHandler):
        def respond(self) -> None:
            path = self.path.removeprefix("/api/v1")
            scripted.asked.append((f"{self.command} {path}", self.sent()))
            given = scripted.take(f"{self.command} {path.partition('?')[0]}")
            if isinstance(given, int):
                self.answer(
                    given, json.dumps({"detail": f"No: {given}.", "hint": "Look."}).encode(), "application/json"
                )
            elif isinstance(given, bytes):
                self.answer(200, given, "text/event-stream")
            else:
                self.answer_json(given)

    with serving(Handler) as port:
        monkeypatch.setenv("PAGEWRIGHT_URL", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("PAGEWRIGHT_TOKEN", "token")
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.chdir(tmp_path)
        yield scripted


def job(**more: object) -> dict[str, Any]:
    """A job that made version 2, unless `more` says otherwise."""
    known: dict[str, Any] = {"id": "j1", "site": "bakery", "kind": "edit", "state": "succeeded", "phase": None}
    known |= {
        "version": 2,
        "answer": "It is blue.",
        "error": None,
        "message": "Blue.",
        "outcome": "changed",
        "note": "",
    }
    return known | {"note": ""} | more


def version(number: int = 2, *checks: tuple[str, str, list[str]]) -> dict[str, Any]:
    told = [{"name": name, "status": status, "findings": findings} for name, status, findings in checks]
    return {
        "number": number,
        "files": NO_FILES,
        "checks": told,
        "message": "Blue.",
        "created_at": "2026-11-23T12:00:00Z",
        "artifact": {"sha256": "0" * 64},
    }


def site(**slots: int) -> dict[str, Any]:
    urls = {"current": "http://bakery.test", "preview": "http://preview--bakery.test"}
    known = {"name": "bakery", "title": "Bakery", "owner": "ana", "created_at": "2026", "latest": 2}
    return known | {"slots": slots, "urls": urls}


def events(*steps: str) -> bytes:
    """A job's stream: a line for each step, and its end."""
    told = [("progress", {"progress": {"phase": "editing", "text": step}}) for step in steps]
    lines = [
        f"id: {n}\nevent: {name}\ndata: {json.dumps(data)}\n\n" for n, (name, data) in enumerate([*told, ("final", {})])
    ]
    return "".join(lines).encode()
