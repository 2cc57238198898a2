"""Many versions are looked at in one browser, each as if it stood there alone."""

import asyncio
import json
from pathlib import Path

import pytest

from bench.keep.page_views import PageViews

HEAD = b"<!doctype html><title>A</title><link rel=stylesheet href=s.css>"
PAGE = HEAD + b"<h1>One</h1><a href=b.html>B</a><a href=/x.html>X</a>"
FIRST = {"index.html": PAGE, "s.css": b"h1 { color: red }", "b.html": PAGE}
STYLED = {**FIRST, "s.css": b"h1 { color: blue }"}
EDITED = {**FIRST, "index.html": PAGE.replace(b"One", b"Two")}


@pytest.mark.usefixtures("sandbox")
def test_each_version_is_seen_as_if_it_stood_alone(tmp_path: Path) -> None:
    views = PageViews(tmp_path)
    asyncio.run(views.load([(tree, ("index.html",)) for tree in (FIRST, STYLED, EDITED, dict(FIRST))]))
    assert len(views.seen) == 3
    seen = [json.loads(views.of(tree, ["index.html"])[0]) for tree in (FIRST, STYLED, EDITED)]
    assert {one["path"] for one in seen} == {"index.html"}
    assert {address for one in seen for address in one["links"]["items"]} == {"/b.html", "/x.html"}
    assert [json.loads(one["blocks"])["blocks"][0]["text"] for one in seen] == ["One", "One", "Two"]
    colours = [json.loads(one["blocks"])["styles"][0]["colour"] for one in seen]
    assert colours == ["rgb(255, 0, 0)", "rgb(0, 0, 255)", "rgb(255, 0, 0)"]


@pytest.mark.usefixtures("sandbox")
def test_what_was_seen_before_needs_no_browser(tmp_path: Path) -> None:
    first = PageViews(tmp_path)
    asyncio.run(first.load([(FIRST, ("index.html",))]))
    before = {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    again = PageViews(tmp_path)
    asyncio.run(again.load([(FIRST, ("index.html",))]))
    assert (again.seen, again.version) == (first.seen, first.version)
    assert {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == before
