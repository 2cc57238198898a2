"""What changes by itself is told of as nothing, and what an edit changes beside it is told: by the real browser.

`make test-unsteady` does this fifty times over.
"""

import dataclasses
import os
from io import BytesIO

import pytest
from PIL import Image

from daemons.worker.checks.history import CheckHistory
from daemons.worker.checks.run import Checked
from shared.domain.change_sentences import sentence
from shared.domain.tree import Tree, compare, digests
from shared.domain.visible_changes import ChangeOf, VisibleChange
from tests.support.checks_run import after, check_site

pytestmark = pytest.mark.usefixtures("sandbox")

RUNS = range(int(os.environ.get("UNSTEADY_RUNS", "3")))
_HEAD = "<!doctype html><html lang=en><meta charset=utf-8><title>Bakery</title><h1>Fresh bread</h1>"
_LIVELY = f"""{_HEAD}
<style>@keyframes turn {{ to {{ rotate: 1turn }} }} i {{ animation: turn 3s infinite; display: inline-block }}</style>
<div id=slides><p>Rye, sour and dark</p><p>Spelt, mild and nutty</p><p>Wheat, light and crisp</p></div>
<h2>Now</h2><p id=clock></p><p>Open until six</p><p id=day></p><p id=draw></p><p id=turns></p><i>❋</i>
<iframe id=ad width=300 height=100></iframe><div id=banner></div>
<script>
    const pick = (list, number) => list[Math.floor(number) % list.length];
    const slides = [...document.querySelectorAll('#slides p')];
    const show = number => slides.forEach((slide, n) => slide.hidden = n !== number % 3);
    show(Math.floor(Math.random() * 3)); setInterval(() => show(Date.now() % 3), 300);
    const tick = () => clock.textContent = new Date().toISOString(); tick(); setInterval(tick, 40);
    day.textContent = 'Today is ' + new Date().toDateString();
    const chance = crypto.getRandomValues(new Uint8Array(1))[0];
    draw.textContent = pick(['Bread is life', 'A loaf a day', 'Eat more rye'], chance);
    turns.textContent = pick(['First', 'Second', 'Third', 'Fourth', 'Fifth'], Date.now());
    ad.src = 'ad.html?' + Date.now() + Math.random();
    const height = Date.now() % 200;
    banner.innerHTML = `<a href="/ad.html?${{height}}" style="height:${{height}}px;display:block">Buy ${{height}}</a>`;
</script>"""
_DRAWN = f"""{_HEAD}<canvas id=c width=300 height=100></canvas><img src=moving.gif alt=Oven width=64 height=64><script>
    const p = c.getContext('2d');
    const paint = () => {{ p.clearRect(0, 0, 300, 100); p.fillRect(Date.now() % 290, 0, 9, 99) }};
    paint(); setInterval(paint, 30);
</script>"""


def _moving() -> bytes:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "green", "blue")]
    target = BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:], duration=70, loop=0)
    return target.getvalue()


SITE: Tree = {
    "index.html": _LIVELY.encode(),
    "drawn.html": _DRAWN.encode(),
    "ad.html": b"<title>Ad</title><body><script>document.body.textContent = 'Buy ' + Math.random()</script>",
    "plain.html": f"{_HEAD}<link rel=stylesheet href=style.css><p class=card>Rye<p>Oats".encode(),
    "style.css": b".card { padding: 9px; background: #eee }",
    "moving.gif": _moving(),
}


@pytest.fixture(scope="module")
def first() -> Checked:
    """The site as it was imported."""
    return check_site(SITE)


def _history(first: Checked) -> CheckHistory:
    """What is known of it: on another day."""
    known = after(first)
    page = known.records["index.html"]
    yesterday = page.with_blocks(page.page.blocks.replace("Today is ", "Today is not "))
    records = {**known.records, "index.html": yesterday}
    return dataclasses.replace(known, records=records, parent=SITE, files=digests(SITE))


def _changes(first: Checked, **replaced: tuple[str, str]) -> tuple[VisibleChange, ...]:
    """What is told of an edit that replaced the first text by the second on these pages; `_` stands for a dot."""
    edits = {name.replace("_", "."): texts for name, texts in replaced.items()}
    site = SITE | {path: SITE[path].replace(*(text.encode() for text in texts)) for path, texts in edits.items()}
    assert all(site[path] != SITE[path] for path in edits)
    changes = check_site(site, compare(SITE, site), _history(first)).changes
    assert changes
    assert not changes.unread
    return changes.changes


@pytest.mark.parametrize("run", RUNS)
def test_what_changes_by_itself_is_no_change(run: int, first: Checked) -> None:
    comment = ("</h1>", f"</h1><!-- {run} -->")
    assert [sentence(one) for one in _changes(first, index_html=comment, drawn_html=comment)] == []


@pytest.mark.parametrize("run", RUNS)
def test_an_edit_beside_it_is_told_alone(run: int, first: Checked) -> None:
    found = _changes(first, index_html=("Open until six", f"Open until {run}"))
    assert [sentence(one) for one in found] == [f"index.html: Text under “Now”: “Open until six” → “Open until {run}”"]


def test_a_page_that_reads_as_before_and_looks_otherwise_is_told_with_the_place(first: Checked) -> None:
    (change,) = _changes(first, style_css=("padding: 9px", "padding: 9px; border-radius: 18px"))
    assert (change.of, change.named, change.pages) == (ChangeOf.LOOK, "Rye", ("plain.html",))
    (box,) = {region.after for region in change.regions if region.viewport == "desktop"}
    assert box
    assert 0 < box[3] < 100, "it lies around the card, not around the page"


def test_what_a_style_sheet_moves_is_told(first: Checked) -> None:
    (change,) = _changes(first, style_css=(".card", "h1 { margin-bottom: 90px } .card"))
    assert (change.of, {region.viewport for region in change.regions}) == (ChangeOf.LOOK, {"desktop", "phone"})
