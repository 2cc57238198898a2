"""A tab that looks at one page after the other: each is seen by itself, and none takes more than its time."""

from pathlib import Path

from tests.worker.conftest import Looker

HEAD = "<!doctype html><title>Bakery</title><h1>Fresh bread</h1>"


def test_a_page_leaves_nothing_for_the_next(look: Looker, tmp_path: Path) -> None:
    leave = "localStorage.a = sessionStorage.a = document.cookie = 'a=1'; window.name = 'left'; open('about:blank')"
    tell = "console.error([localStorage.a, sessionStorage.a, document.cookie, window.name].join('|'))"
    first, second = look(
        tmp_path, {"a.html": f"{HEAD}<script>{leave}</script>", "b.html": f"{HEAD}<script>{tell}</script>"}
    )
    assert first["console"]["items"] == []
    assert [error["text"] for error in second["console"]["items"]] == ["console error: |||"]


def test_a_page_that_fills_itself_is_waited_for(look: Looker, tmp_path: Path) -> None:
    late = "setTimeout(() => document.body.append('Fresh bread'), 300)"
    (seen,) = look(tmp_path, {"a.html": f"<!doctype html><body><script>{late}</script>"})
    assert seen["text"] > 0


def test_a_page_that_redirects_by_a_script_is_seen_where_it_leads(look: Looker, tmp_path: Path) -> None:
    seen, _ = look(tmp_path, {"a.html": "<script>location = 'b.html'</script>", "b.html": HEAD})
    assert ("error" in seen, "unseen" in seen, seen["title"]) == (False, False, "Bakery")


def test_a_file_that_would_be_downloaded_is_no_error(look: Looker, tmp_path: Path) -> None:
    seen, page = look(tmp_path, {"a.zip": "no zip", "b.html": HEAD})
    assert ("error" in seen, "unseen" in seen) == (False, False)
    assert page["title"] == "Bakery"


def test_a_page_that_keeps_the_browser_busy_is_given_up_and_costs_no_other(look: Looker, tmp_path: Path) -> None:
    busy, page = look(tmp_path, {"a.html": "<script>for (;;);</script>", "b.html": HEAD}, a=2.0)
    assert busy["unseen"] == "the page kept the browser busy until its time was up"
    assert page["title"] == "Bakery"
