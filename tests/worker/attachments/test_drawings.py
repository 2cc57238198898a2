"""A drawing keeps what can be seen, and nothing in it runs, loads or leads away unseen."""

import pytest

from daemons.worker.attachments.drawings import prepare_drawing
from daemons.worker.attachments.prepared import Unusable

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def clean(body: str, attributes: str = "") -> str:
    return prepare_drawing(f"{HEAD} {attributes}>{body}</svg>".encode()).data.decode()


@pytest.mark.parametrize(
    "body",
    [
        "<script>x()</script>",
        '<rect onclick="x()"/>',
        '<g xmlns:h="http://www.w3.org/1999/xhtml"><h:script>x()</h:script></g>',
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml">x()</body></foreignObject>',
        '<a href="javascript:x()"><text>Go</text></a>',
        '<a xlink:href=" java&#10;script:x()"><text>Go</text></a>',
        '<a href="#"><animate attributeName="href" values="javascript:x()"/></a>',
        '<set attributeName="onclick" to="x()"/>',
        '<image href="http://x()/a.png"/>',
        '<image href="data:image/svg+xml;base64,eCgp"/>',
        '<use href="other.svg#x()"/>',
        '<feImage href="http://x()"/>',
        '<rect fill="url(http://x())"/>',
        '<rect style="fill:url( http://x() )"/>',
        '<rect style="fill:ur\\6c(http://x())"/>',
        "<style>@import 'http://x()';</style>",
        "<style>a{background:image-set('http://x()' 1x)}</style>",
        "<style>a{fill:url(//x()</style>",
        "<style>@font-face{src:url(x())}</style>",
    ],
)
def test_what_could_run_or_load_goes(body: str) -> None:
    made = clean(body + '<rect id="stays"/>')
    assert "x()" not in made
    assert 'id="stays"' in made


@pytest.mark.parametrize(
    "body",
    [
        '<linearGradient id="a"><stop offset="0" /></linearGradient><rect fill="url(#a)" />',
        '<use xlink:href="#a" />',
        "<style>.a{fill:red;stroke:url('#b')} @media (prefers-color-scheme:dark){.a{fill:white}}</style>",
        '<a href="https://example.org/"><text>Us</text></a>',
        '<circle r="3"><animate attributeName="r" values="3;5" dur="1s" /></circle>',
        '<text style="font-family:serif">Täglich</text>',
    ],
)
def test_what_can_be_seen_stays(body: str) -> None:
    assert body in clean(body)
    assert prepare_drawing(f"{HEAD}>{body}</svg>".encode()).notes == ()


def test_what_drawing_programs_keep_for_themselves_goes_quietly() -> None:
    made = prepare_drawing(
        f'{HEAD} xmlns:i="http://ink"><metadata>Anna</metadata><i:view/><rect i:label="Layer"/></svg>'.encode()
    )
    assert b"Anna" not in made.data and b"ink" not in made.data
    assert made.notes == ()


def test_entities_do_not_multiply() -> None:
    """Ten thousand million letters are not written out."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 11))
    bomb = f'<!DOCTYPE svg [<!ENTITY e0 "x">{entities}]><svg xmlns="http://www.w3.org/2000/svg">&e10;</svg>'
    with pytest.raises(Unusable, match="no complete drawing"):
        prepare_drawing(bomb.encode())


@pytest.mark.parametrize("data", [b"<svg", b"<svg/>", b'<html xmlns="http://www.w3.org/2000/svg"/>'])
def test_what_is_no_drawing_is_refused(data: bytes) -> None:
    with pytest.raises(Unusable):
        prepare_drawing(data)


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(Unusable, match="too complicated"):
        clean("<g>" * 300 + "</g>" * 300)


@pytest.mark.parametrize(
    ("attributes", "size"),
    [('width="30" height="20px"', (30, 20)), ('viewBox="0 0 8.4 5"', (8, 5)), ('width="100%"', None), ("", None)],
)
def test_its_size_is_told_if_it_says_so(attributes: str, size: tuple[int, int] | None) -> None:
    assert prepare_drawing(f"{HEAD} {attributes}/>".encode()).size == size
