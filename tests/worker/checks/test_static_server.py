"""A folder as the browser gets it that checks it."""

import http.client
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from daemons.worker.checks.static_server import ServedFolder


@pytest.fixture
def site(tmp_path: Path) -> ServedFolder:
    (tmp_path / "menu").mkdir()
    (tmp_path / "index.html").write_text("<h1>Bakery</h1>")
    (tmp_path / "menu/index.html").write_text("<h1>Menu</h1>")
    return ServedFolder(tmp_path)


def asked(site: ServedFolder, method: str, path: str) -> tuple[int, str | None, bytes]:
    connection = http.client.HTTPConnection(urlsplit(site.origin).netloc, timeout=10)
    connection.request(method, path)
    answer = connection.getresponse()
    told = answer.status, answer.headers["Content-Length"], answer.read()
    connection.close()
    return told


def test_pages_are_answered_and_heads_without_their_bodies(site: ServedFolder) -> None:
    assert asked(site, "GET", "/") == (200, "15", b"<h1>Bakery</h1>")
    assert asked(site, "HEAD", "/") == (200, "15", b"")
    assert asked(site, "GET", "/menu")[0] == 301
    assert asked(site, "GET", "/menu/?x=1") == (200, "13", b"<h1>Menu</h1>")


def test_nothing_else_is_answered(site: ServedFolder, tmp_path: Path) -> None:
    (tmp_path / "later.html").write_text("written after the browser began")
    assert asked(site, "GET", "/later.html")[0] == 404
    assert asked(site, "GET", "/../etc/passwd")[0] == 400
    assert asked(site, "POST", "/")[0] == 501


def test_another_version_is_served_from_what_differs(tmp_path: Path) -> None:
    for path, text in {"new/a.html": "new", "new/b.html": "both", "new/c.html": "added", "old/a.html": "old"}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    before = ServedFolder(tmp_path / "new", tmp_path / "old", ["c.html"])
    assert [asked(before, "GET", f"/{name}.html")[2] for name in "ab"] == [b"old", b"both"]
    assert asked(before, "GET", "/c.html")[0] == 404
    assert (before.has("c.html"), before.read("a.html")) == (False, b"old")
