"""No text of a page is outside of the translations: neither between tags, nor in what is read out, nor in a script."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes
from jinja2.ext import i18n

UI = Path(__file__).parents[2] / "htmx_ui"
TEMPLATES = sorted((UI / "templates").glob("*.html"))
# Attributes that people read or hear, and what stands in data-attributes for scripts.
_READ = ("aria-label", "aria-description", "placeholder", "title", "alt")
_NAMES = re.compile(r"PageWright|\bms\b")
_TRANSLATING = ("_", "gettext", "ngettext")
_FIRST_MARK = 0xE000


class Shown(HTMLParser):
    """The pieces of a template that people read; a mark stands where the template has an expression."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pieces += [
            value or ""
            for name, value in attrs
            if name in _READ or name.startswith("data-say") or (name.startswith("data-") and " " in (value or ""))
        ]

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def environment() -> Environment:
    made = Environment(extensions=[i18n], autoescape=True)
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    return made


def flat(body: list[nodes.Node]) -> Iterator[nodes.Node]:
    """Text and expressions of a template in their order, whatever they depend on."""
    for node in body:
        if isinstance(node, nodes.Output):
            yield from node.nodes
        elif isinstance(node, nodes.Block) and node.name == "body_class":
            continue
        else:
            yield from flat(list(node.iter_child_nodes(exclude=("test", "iter", "target", "args", "template"))))


def written(expression: nodes.Node) -> Iterator[str]:
    """The texts of a template that an expression may show as they are."""
    if isinstance(expression, nodes.Const):
        yield str(expression.value)
    elif isinstance(expression, nodes.CondExpr):
        yield from (*written(expression.expr1), *(written(expression.expr2) if expression.expr2 else ()))
    elif isinstance(expression, nodes.Concat):
        yield from (text for part in expression.nodes for text in written(part))
    elif isinstance(expression, nodes.Or | nodes.And | nodes.Add | nodes.Mod):
        yield from (*written(expression.left), *written(expression.right))
    elif isinstance(expression, nodes.Filter):
        yield from written(expression.node) if expression.node else ()
    elif isinstance(expression, nodes.Call) and getattr(expression.node, "name", "") not in _TRANSLATING:
        yield from (text for part in expression.args for text in written(part) if " " in text)


def outside(source: str) -> list[str]:
    """What a template shows that is not translated."""
    html, expressions = "", dict[str, nodes.Node]()
    for node in flat([environment().parse(source)]):
        if isinstance(node, nodes.TemplateData):
            html += node.data
        else:
            mark = chr(_FIRST_MARK + len(expressions))
            expressions[mark] = node
            html += mark
    html = re.sub(f"(</?)(h?)[{chr(_FIRST_MARK)}-\uf8ff]", r"\1b", html)  # a tag whose name is an expression
    return [fault for piece in Shown(html).pieces for fault in _outside(piece, expressions)]


def _outside(piece: str, expressions: dict[str, nodes.Node]) -> Iterator[str]:
    own = re.sub(f"[{chr(_FIRST_MARK)}-\uf8ff]", " ", piece)
    texts = [own, *(text for mark in piece if mark in expressions for text in written(expressions[mark]))]
    for text in texts:
        if re.search(r"[A-Za-z]{2}", _NAMES.sub("", text)):
            yield text.strip()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.stem)
def test_every_text_of_a_template_is_translated(template: Path) -> None:
    assert outside(template.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        '<p aria-label="Close">✕</p>',
        '<p title="{{ "Close it" if x else _("Open") }}"></p>',
        "{% if x %}<p>{{ 3 }} Hello</p>{% endif %}",
        '<p>{{ "Yes" if x else "No" }}</p>',
        '<p>{{ count ~ " files" }}</p>',
        "<p>{% set x = 3 %}{{ note('It is late') }}</p>",
        '<button data-say="Copied"></button>',
        "{% macro m() %}<b>Bold</b>{% endmacro %}",
    ],
)
def test_a_text_outside_is_seen(source: str) -> None:
    assert outside(source) != []


@pytest.mark.parametrize(
    "source",
    [
        '<p class="a b{{ " c" if x }}">{{ _("Hello") }} {{ name }} PageWright</p>',
        "<p>{% trans x=1 %}Hello {{ x }}{% endtrans %}</p>",
        '<p>{{ ngettext("%(num)s file", "%(num)s files", 3) }} · {{ icon("send") }}</p>',
        '<input{{ " checked" if x }} value="yes">',
    ],
)
def test_a_text_inside_is_none_outside(source: str) -> None:
    assert outside(source) == []


def test_what_is_translated_is_written_in_the_template() -> None:
    """A text that comes from elsewhere would be taken for HTML of ours, and for a format."""
    for template in TEMPLATES:
        for call in environment().parse(template.read_text(encoding="utf-8")).find_all(nodes.Call):
            if getattr(call.node, "name", "") in _TRANSLATING:
                texts = call.args[:2] if call.node.name == "ngettext" else call.args  # type: ignore[attr-defined]
                assert all(isinstance(text, nodes.Const) for text in texts), template


def test_scripts_have_no_texts_for_people() -> None:
    """They take them from the page: a sentence in a script would be English for everybody."""
    for script in (UI / "static").glob("*.js"):
        code = re.sub(r"^\s*//.*$", "", script.read_text(encoding="utf-8"), flags=re.MULTILINE)
        texts = [a or re.sub(r"\$\{[^`]*\}", "", b) for a, b in re.findall(r'"([^"\n]*)"|`([^`]*)`', code)]
        assert [
            text for text in texts if re.search(r"[A-Za-z’]+ [a-z’]+ [a-z’]+|[a-z]…|[A-Z][a-z]+ [a-z]+", text)
        ] == []
