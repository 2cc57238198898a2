"""The editor as a program, run on a folder as the sandbox has it."""

import os
from pathlib import Path

from tests.support.practice_editor import run_editor


def test_links_out_of_the_site_are_left_alone(tmp_path: Path) -> None:
    outside = tmp_path / "outside.html"
    outside.write_text("<title>cake</title>\n")
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").symlink_to(outside)
    os.mkfifo(site / "pipe.html")
    (site / "a.html").write_text("<title>cake</title>\n")
    result = run_editor(site, {"action": "replace_text", "old": "cake", "new": "tea", "page": None}, write=True)
    assert result["done"]
    assert outside.read_text() == "<title>cake</title>\n"
    assert (site / "a.html").read_text() == "<title>tea</title>\n"


def test_a_site_without_pages(tmp_path: Path) -> None:
    assert run_editor(tmp_path, {"action": "set_title", "text": "x", "page": None}) == {
        "done": [],
        "refused": ["This site has no HTML page that I could change."],
        "patch": None,
    }
