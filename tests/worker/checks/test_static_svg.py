"""A drawing that can only be seen is read without a browser; whatever else it may be, the browser has to load it."""

from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemons.worker.checks.observation import PageObservation
from daemons.worker.checks.static_svg import read_static_svg
from daemons.worker.checks.web_answer import WebAnswer, web_answer
from shared.domain.manifest import CheckStatus
from tests.support.checks_run import after, check_site
from tests.support.growth import costs_in_proportion

_XMLNS = "xmlns='http://www.w3.org/2000/svg'"
ICON = f"<svg {_XMLNS} viewBox='0 0 512 512'><!--! An icon --><path d='M0 0a1 1 0 011.5.5l-3,4 1-1z'/></svg>"


def read(data: str | bytes, name: str = "icon.svg") -> PageObservation | None:
    """What is seen of the drawing as the web hosts answer with it."""
    content = data.encode() if isinstance(data, str) else data
    seen = read_static_svg(name, web_answer(f"/{name}", {name}, lambda _: content))
    return PageObservation.model_validate(seen) if seen else None


def drawing(inside: str, attributes: str = "", before: str = "") -> str:
    """A drawing with this inside."""
    return f"{before}<svg {_XMLNS} xmlns:xlink='http://www.w3.org/1999/xlink' {attributes}>{inside}</svg>"


HOME = """<!doctype html><html lang=en><meta name=viewport content="width=device-width"><title>Bakery</title>
<meta name=description content=Bread><main><h1>Fresh bread</h1></main>"""
HARMLESS = {
    "an icon": ICON,
    "declared": drawing("<rect width='1' height='2.5px'/>", before="<?xml version='1.0' encoding='UTF-8'?>\n"),
    "styled": drawing("<style>.a{fill:rgb(0,0,0);stroke:#123}</style><g class='a' style='fill:red'><g/></g>"),
    "a gradient": drawing(
        "<linearGradient id='a'><stop offset='50%' stop-color='red'/></linearGradient>"
        "<linearGradient id='b' xlink:href='#a' gradientTransform='matrix(1 0 0 1 5,5) rotate(45)'/>"
        "<path fill='url(#b)' d='M1 1'/>"
    ),
    "cut out": drawing("<g clip-path='url(#a)'/><defs><clipPath id='a'><path d='M0 0h1v1H0z'/></clipPath></defs>"),
    "text": drawing("<title>Logo</title><text x='1' y='-2'>Fresh &amp; <tspan>new</tspan></text>"),
    "points": drawing("<polygon points='0,0 1.5.5 -1-1'/>"),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_can_only_be_seen_needs_no_browser(name: str) -> None:
    assert read(HARMLESS[name])


def test_it_is_seen_as_the_browser_sees_it() -> None:
    seen = read(drawing("<title>Our  logo</title><g id='one'/><text id='two'> Fresh\n bread </text>"))
    assert seen
    assert (seen.path, seen.text, seen.places.items) == ("icon.svg", len("Our logo Fresh bread"), ("one", "two"))
    assert seen.media, "a drawing without text is not empty"


_ENTITY = "<!DOCTYPE svg [<!ENTITY a 'aaaa'>]>"
_BY_BROWSER = {
    "a script": "<script>alert(1)</script>",
    "another namespace's script": "<x:script xmlns:x='http://www.w3.org/1999/xhtml'/>",
    "HTML": "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>",
    "an unknown element": "<g><sparkle/></g>",
    "an event": "<g onclick='x()'/>",
    "an event in capitals": "<g ONLOAD='x()'/>",
    "a link": "<a xlink:href='javascript:x()'><path d='M0 0'/></a>",
    "a picture": "<image href='https://x.example/a.png'/>",
    "a copy": "<g id='a'/><use href='#a'/>",
    "a copy from elsewhere": "<use xlink:href='b.svg#a'/>",
    "an animation": "<g><set attributeName='href' to='javascript:x()'/></g>",
    "a filter": "<filter id='a'><feImage href='https://x.example/'/></filter>",
    "a gradient from elsewhere": "<linearGradient href='https://x.example/#a'/>",
    "a reference of a shape": "<path href='#a' d=''/>",
    "an address": "<g fill='url(https://x.example/#a)'/>",
    "an address among others": "<g style='fill:url(#a);mask:url(//x.example)'/>",
    "an escaped address": "<g style='fill:u\\72l(//x.example)'/>",
    "a set of images": "<g style='cursor:image-set(\"a.png\" 1x)'/>",
    "an import": "<style>@import '//x.example';</style>",
    "an import in two parts": "<style>@imp<![CDATA[ort '//x.example']]></style>",
    "an address in a style": "<style>g { background: URL('//x.example') }</style>",
    "elements in a style": "<style><style/></style>",
    "a cut cut": "<clipPath id='a'><g clip-path='url(#b)'/></clipPath>",
    "a cut cut by its surroundings": "<clipPath id='a'><g style='clip-path: Inherit'/></clipPath>",
    "a base": "<g xml:base='https://x.example/'/>",
    "an attribute of others": "<g xmlns:x='urn:x' x:y='z'/>",
    "a drawing in it": "<svg/>",
    "an instruction in it": "<?xml-stylesheet href='a.css'?>",
    "a path that ends early": "<path d='M0 0 L1'/>",
    "a path without a start": "<path d='L1 1'/>",
    "a path that is none": "<path d='M 0 zero'/>",
    "a path with a comma too much": "<path d='M0 0,'/>",
    "a flag that is none": "<path d='M0 0A1 1 0 2 1 3 3'/>",
    "a negative size": "<rect width='-1'/>",
    "a huge number": f"<rect width='{'9' * 50}'/>",
    "half a point": "<polygon points='1 2 3'/>",
    "an unknown turn": "<g transform='turn(3)'/>",
    "a turn with too much": "<g transform='rotate(1 2)'/>",
    "a box without a height": "<symbol viewBox='0 0 1'/>",
    "not closed": "<g>",
    "an unknown entity": "<text>&nbsp;</text>",
}
_WHOLE: dict[str, str | bytes] = {
    "nothing": "",
    "no XML": "Hello",
    "HTML instead": "<html><script>x()</script></html>",
    "no namespace": "<svg/>",
    "an entity": f"{_ENTITY}{drawing('<text>&a;</text>')}",
    "a document type": f"<!DOCTYPE svg>{ICON}",
    "a style sheet": f"<?xml-stylesheet href='a.css'?>{ICON}",
    "another XML": f"<?xml version='1.1'?>{ICON}",
    "another encoding": f"<?xml version='1.0' encoding='utf-7'?>{ICON}",
    "a fallen encoding": ICON.encode("utf-16"),
    "bytes that are no text": ICON.encode().replace(b"An", b"\xff"),
    "something after it": f"{ICON}<g/>",
    "an event of the root": drawing("", "onload='x()'"),
    "depth": drawing("<g>" * 100 + "</g>" * 100),
    "too much": drawing("<g/>" * 200_000),
}
BY_BROWSER: dict[str, str | bytes] = {name: drawing(inside) for name, inside in _BY_BROWSER.items()} | _WHOLE


@pytest.mark.parametrize("name", BY_BROWSER)
def test_what_may_do_more_is_left_to_the_browser(name: str) -> None:
    assert read(BY_BROWSER[name]) is None


@pytest.mark.parametrize("name", ["icon.svgz", "icon.html", "icon.xml", "icon.xhtml", "icon.py"])
def test_what_counts_is_how_it_is_served(name: str) -> None:
    assert read(ICON, name) is None
    assert read_static_svg("a.svg", WebAnswer(HTTPStatus.NOT_FOUND, {"Content-Type": "image/svg+xml"}, b"")) is None


@pytest.mark.parametrize(
    "piece", [" ", "a", "1", "1 ", "(", "a(", "url(", ",", "-", "M0 0", "url(#", "e-", "\\", "scale("]
)
@pytest.mark.parametrize("attribute", ["transform", "d", "points", "style", "viewBox", "width", "aria-label"])
def test_a_hostile_value_takes_no_time(attribute: str, piece: str) -> None:
    assert costs_in_proportion(
        lambda size: read(drawing(f"<g {attribute}='{piece * (size // len(piece))}!'/>")), 400_000
    )


@given(st.text(alphabet="<>/='\" svgpathd:on&;![]?-", max_size=80))
def test_nothing_raises(inside: str) -> None:
    read(drawing(inside))
    read(inside)


@pytest.mark.usefixtures("sandbox")
def test_the_browser_finds_no_more_in_them_and_is_asked_for_others_alone() -> None:
    """As XML of another name the same bytes go to the browser, which shows them as the drawings that they are."""
    names = [str(number) for number in range(len(HARMLESS))]
    site = {"index.html": HOME}
    for name, text in zip(names, HARMLESS.values(), strict=True):
        site |= {f"{name}.svg": text, f"{name}.xml": text}
    checked = check_site({path: text.encode() for path, text in site.items()})
    assert [check for check in checked.checks if check.status is not CheckStatus.PASSED] == []
    seen = {path: record.page for path, record in after(checked).records.items()}
    for name in names:
        assert _content(seen[f"{name}.svg"]) == _content(seen[f"{name}.xml"])
        assert (seen[f"{name}.svg"].loads.items, seen[f"{name}.xml"].loads.items) == ((), (f"/{name}.xml",))


def _content(page: PageObservation) -> object:
    return page.text, bool(page.media), page.places


@pytest.mark.usefixtures("sandbox")
def test_a_hostile_drawing_among_others_is_found() -> None:
    site = {f"{number}.svg": ICON for number in range(300)} | {
        "index.html": "<!doctype html><title>Bakery</title><h1>Fresh bread</h1>",
        "evil.svg": drawing("<script>console.error('mine')</script><image href='https://x.invalid/a.png'/>"),
        "broken.svg": drawing("<g>"),
    }
    checked = check_site({path: text.encode() for path, text in site.items()})
    told = {check.name: check for check in checked.checks}
    assert told["console"].findings[0] == "evil.svg: console error: mine"
    assert "x.invalid" in told["other sites"].findings[0]
    assert "coverage" not in told, "also what needs no browser was looked at"
