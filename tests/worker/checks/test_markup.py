"""What a browser mends is told with its line; what HTML allows is no fault."""

import pytest

from daemons.worker.checks.markup import markup_faults
from shared.domain.site_templates import instantiate, list_templates

_HEAD = "<!doctype html>\n<html lang=en><head><title>Bakery</title></head><body>\n"


def _told(source: str) -> list[tuple[object, ...]]:
    return [tuple(fault.values()) for fault in markup_faults(_HEAD + source)]


@pytest.mark.parametrize(
    "source",
    [
        "<p>Rye<p>Spelt<ul><li>Rolls<li>Cakes</ul><hr><br/><img src=a.png alt=''>",
        "<table><tr><td><p>Rye<td>Spelt<tr><td>Cakes</table><select><option>a<option>b</select>",
        "<svg viewBox='0 0 9 9'><path d='M0 0'/><g><a href=/><text>Home</text></a></g></svg></body></html>",
        "<script>document.write('<div>')</script><style>a > b {}</style><!-- <div> --><textarea><div></textarea>",
        "<p>Rye <button>Order<div>now</div></button> today</p><details><summary>More</summary>Text</details>",
    ],
)
def test_what_html_allows_is_no_fault(source: str) -> None:
    assert _told(source) == []


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("<div>\n<span>Rye</div>", ("unclosed", "span", 4)),
        ("<main>\n<p>Rye", ("unclosed", "main", 3)),
        ("Rye\n</div>", ("stray", "div", 4)),
        ("<p>Rye\n<div>Spelt</div></p>", ("stray", "p", 4)),
        ("<div/>", ("unclosed", "div", 3)),
        ("<a href=/>\n<a href=/b>b</a></a>", ("nested", "a", 4)),
        ("<form><div><form></form></div></form>", ("nested", "form", 3)),
        ("<p id=team>\n<p id=team>", ("twice", "team", 4)),
    ],
)
def test_what_a_browser_mends_is_told_with_its_line(source: str, told: tuple[object, ...]) -> None:
    assert _told(source) == [told]


def test_a_hostile_page_costs_little() -> None:
    assert len(markup_faults("".join(f"</a{n}>" for n in range(9_000)))) == 50
    assert markup_faults("<div>" * 100_000) == []
    assert markup_faults("<![x" + "<" * 99_999) == []


@pytest.mark.parametrize("template", [template.name for template in list_templates()])
def test_our_own_pages_are_clean(template: str) -> None:
    for path, data in instantiate(template, "Mira").items():
        assert not path.endswith(".html") or markup_faults(data.decode()) == [], path
