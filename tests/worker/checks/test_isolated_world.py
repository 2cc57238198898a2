"""A script of ours runs where the page can't reach it; what it throws is the browser's error."""

from pathlib import Path

from tests.worker.conftest import Looker


def test_a_page_can_t_lie_about_its_links(look: Looker, tmp_path: Path) -> None:
    lie = "<script>document.querySelectorAll = () => []; Array.prototype.filter = () => []; window.Set = null</script>"
    (seen,) = look(tmp_path, {"a.html": f"<!doctype html><title>Bakery</title><a href=/b.html>B</a>{lie}"})
    assert (seen["links"]["items"], seen["title"]) == (["/b.html"], "Bakery")


def test_a_page_whose_title_is_no_text_is_looked_at_all_the_same(look: Looker, tmp_path: Path) -> None:
    (seen,) = look(tmp_path, {"a.html": "<!doctype html><p>Bread<form name=title></form><form name=body></form>"})
    assert "unseen" not in seen, seen
