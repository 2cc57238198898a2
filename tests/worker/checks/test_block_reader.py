"""What a real browser reads of pages that are ordinary, lively or hostile."""

from pathlib import Path

import pytest

from daemons.worker.checks.block_reader import written
from daemons.worker.checks.page_blocks import BlockRole, PageBlocks, Place, read_blocks
from tests.worker.conftest import Looker


def _read(look: Looker, folder: Path, body: str) -> PageBlocks:
    (seen,) = look(folder, {"a.html": f"<!doctype html><title>Bakery</title><body>{body}"})
    read = read_blocks(seen["blocks"])
    assert read, seen
    return read


def _told(read: PageBlocks) -> list[tuple[BlockRole, str, Place]]:
    return [(block.role, block.text, block.place) for block in read.blocks]


def test_parts_are_read_as_a_person_sees_them(look: Looker, tmp_path: Path) -> None:
    read = _read(
        look,
        tmp_path,
        "<header><a href=/>Home</a> <a href=/menu>Menu</a></header><main><h1>Fresh <em>bread</em></h1>"
        "<p>Call <a href=tel:1>us</a> now<p style='display:none'>secret"
        "<article><footer>By Ada</footer></article></main><footer>© 2026</footer>",
    )
    assert (
        _told(read)
        == [
            (BlockRole.LINK, "Home", Place.HEADER),
            (BlockRole.LINK, "Menu", Place.HEADER),
            (BlockRole.HEADLINE, "Fresh bread", Place.MAIN),
            (BlockRole.TEXT, "Call us now", Place.MAIN),
            (BlockRole.LINK, "us", Place.MAIN),
            (BlockRole.TEXT, "By Ada", Place.MAIN),
            (BlockRole.TEXT, "© 2026", Place.FOOTER),
        ]
        or [block.role for block in read.blocks].count(BlockRole.FIELD) == 1
    )
    assert [block.within for block in read.blocks if block.text == "us"] == [True]
    assert "secret" not in str(read)


def test_places_in_shadow_trees_and_slots_are_read(look: Looker, tmp_path: Path) -> None:
    script = "<script>a.attachShadow({mode: 'open'}).innerHTML = '<p>Inside</p><p><slot></slot></p>'</script>"
    assert [text for _, text, _ in _told(_read(look, tmp_path, f"<div id=a>Between</div>{script}"))] == [
        "Inside",
        "Between",
    ]


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>window.getComputedStyle = () => ({display: 'none'}); Array.prototype.push = () => 0</script>",
        "<script>JSON.stringify = () => 'mine'; Object.defineProperty(document, 'title', {value: {}})</script>",
        "<form><input name=tagName><input name=childNodes><input name=shadowRoot><input name=id></form>",
        "<form><input name=getBoundingClientRect><input name=classList></form>",
    ],
)
def test_a_page_can_t_change_how_it_is_read(hostile: str, look: Looker, tmp_path: Path) -> None:
    assert "Fresh bread" in [text for _, text, _ in _told(_read(look, tmp_path, f"<p>Fresh bread</p>{hostile}"))]


def test_a_huge_page_is_cut_and_counted(look: Looker, tmp_path: Path) -> None:
    read = _read(look, tmp_path, "<p>loaf" * 3_000 + f"<p>{'long ' * 9_000}")
    assert (len(read.blocks), read.total) == (1_000, 3_001)


def test_two_long_texts_with_one_beginning_differ(look: Looker, tmp_path: Path) -> None:
    one, other = _read(look, tmp_path, "".join(f"<p>{'rye ' * 400}{n}" for n in range(2))).blocks
    assert (len(one.text), one.text[:900]) == (len(other.text), other.text[:900])
    assert one.text != other.text


def test_the_same_random_numbers_are_drawn_at_each_load(look: Looker, tmp_path: Path) -> None:
    draw = "<p id=q></p><script>q.textContent = Math.random()</script>"
    first, second = (_read(look, tmp_path, draw).blocks[0].text for _ in range(2))
    assert first == second


def test_a_take_that_is_too_large_is_not_written() -> None:
    assert written({}) == ""
    assert written({"blocks": ["x" * (300 << 10)]}) == ""
    assert written({"blocks": [], "moves": True}) == '{"blocks": []}'
