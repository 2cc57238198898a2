"""What pages weigh on the wire: bytes, compressed as nginx compresses them."""

import gzip
from dataclasses import replace

from htmx_ui.render import render
from tests.htmx_ui.samples import DONE, NOW, PAGES, VERSIONS, Turn, VersionView

_TURNS, _VERSIONS = 40, 25
_WORDS = "warm bread oven stone flour early morning butter crust opening hours corner street menu soup price".split()


def _sentence(number: int, words: int) -> str:
    """Words in an order of their own, because the same sentence forty times would compress to one."""
    return " ".join(_WORDS[(number * 7 + step * (number % 11 + 1)) % len(_WORDS)] for step in range(words))


def _version(number: int) -> VersionView:
    picture = VERSIONS[0].picture
    assert picture
    return replace(
        VERSIONS[0],
        number=number,
        parent=number - 1,
        message=_sentence(number, 14),
        picture=picture.replace("versions/5", f"versions/{number}"),
        newest=number == _TURNS,
        in_preview=number == _TURNS,
    )


def _turn(number: int) -> Turn:
    steps = tuple(f"Change {word}.html" for word in _sentence(number, 6).split())
    version = _version(number)
    return replace(
        DONE[1],
        job=f"{number * 7919:028x}",
        message=version.message,
        answer=_sentence(number + 3, 40),
        steps=steps,
        version=version,
    )


def test_a_workspace_with_40_requests() -> None:
    turns = tuple(map(_turn, range(1, _TURNS + 1)))
    versions = tuple(_version(number) for number in range(_TURNS, _TURNS - _VERSIONS, -1))
    page = replace(PAGES["site"], turns=turns, versions=versions)  # type: ignore[type-var]
    html = render(page, NOW)
    assert html.count('id="turn-') == _TURNS
    assert len(gzip.compress(html.encode(), 5)) <= 60_000
