"""The errors and requests of a page while it loads."""

from pathlib import Path

from tests.worker.conftest import Looker

HEAD = "<!doctype html><title>Bakery</title><h1>Fresh bread</h1>"


def test_errors_are_told_with_the_file_that_made_them(look: Looker, tmp_path: Path) -> None:
    (tmp_path / "own.js").write_text("throw new Error('no ' + location.origin + '/flour')")
    page = f"{HEAD}<script>console.error('stale'); console.warn('soon')</script><script src=own.js></script>"
    (seen,) = look(tmp_path, {"a.html": page})
    errors = [(error["text"], error["source"]) for error in seen["console"]["items"]]
    assert errors == [("console error: stale", "/a.html"), ("script error: no /flour", "/own.js")]


def test_a_request_that_failed_is_told_once_and_whose_it_was(look: Looker, tmp_path: Path) -> None:
    (seen,) = look(tmp_path, {"a.html": f"{HEAD}<img src=gone.png alt=x><script src=http://x.invalid/a.js></script>"})
    assert [(one["address"], one["reason"], one["kind"]) for one in seen["failed"]["items"]] == [
        ("/gone.png", "404", "image")
    ]
    (blocked,) = seen["blocked"]["items"]
    assert (blocked["address"], blocked["kind"]) == ("http://x.invalid/a.js", "script")
    assert seen["console"]["items"] == [], "the request says it already"


def test_what_a_page_loads_is_told_without_its_place(look: Looker, tmp_path: Path) -> None:
    (tmp_path / "b.css").write_text("")
    page = f"{HEAD}<link rel=stylesheet href=b.css><script>fetch('a.html?x#y')</script>"
    (seen,) = look(tmp_path, {"a.html": page})
    assert {"/a.html", "/b.css"} <= set(seen["loads"]["items"])
    assert not [address for address in seen["loads"]["items"] if "#" in address]


def test_errors_beyond_the_limit_are_counted(look: Looker, tmp_path: Path) -> None:
    (seen,) = look(
        tmp_path, {"a.html": f"{HEAD}<script>for (let n = 0; n < 60; n++) console.error('no ' + n)</script>"}
    )
    assert (len(seen["console"]["items"]), seen["console"]["total"]) == (50, 60)
