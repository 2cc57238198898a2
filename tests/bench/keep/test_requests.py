"""The tasks of our own sites: each is there, its oracle does it, and nothing of it is done before."""

import pytest

from bench.keep.masks import excess, strays
from bench.keep.requests import task
from bench.keep.sites import OWN, site
from bench.keep.tasks import TaskKind, missing

TASKS = [(name, kind) for name in OWN for kind in TaskKind]


def test_there_are_ten_sites_of_ours_and_twelve_requests() -> None:
    assert (len(OWN), len(TaskKind)) == (10, 12)


@pytest.mark.parametrize(("name", "kind"), TASKS)
def test_the_oracle_does_what_was_asked_for_and_no_more(name: str, kind: TaskKind) -> None:
    this, before = task(name, kind), site(name).tree
    after = this.oracle(before)
    assert list(missing(this, before, after)) == []
    assert list(strays(before, after, this.edit)) == []
    assert excess(after, after) == 0
    assert (after == before) is (kind is TaskKind.IMPOSSIBLE)
    assert (list(missing(this, before, before)) == []) is (kind is TaskKind.IMPOSSIBLE)


@pytest.mark.parametrize("name", OWN)
def test_hours_stand_on_four_pages_and_the_menu_on_all(name: str) -> None:
    assert len(task(name, TaskKind.HOURS).edit.hunks) >= 4
    assert len(task(name, TaskKind.MENU).edit.hunks) >= 5
    assert len(task(name, TaskKind.YEAR).edit.hunks) >= 4


def test_each_site_is_written_in_its_style() -> None:
    pages = {name: site(name).tree["index.html"] for name in OWN}
    assert b"<FONT" in pages["tables"]
    assert b"\n" not in pages["minified"]
    assert (b"\r\n" in pages["windows"]) and b"windows-1252" in pages["windows"]
    assert b"data-reactroot" in pages["framework"]
    assert b'style="' in pages["inline"]
    assert len(site("many-pages").tree) > 30
    assert task("german", TaskKind.PRICE).request == "Ändere auf der Seite „Speisen“ den Preis „18,50“ zu „18,95“."
