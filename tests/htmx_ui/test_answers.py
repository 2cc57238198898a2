"""Answers of a model are read as Markdown; whatever they hold, nothing but harmless tags comes out, and in time."""

from html.parser import HTMLParser

import pytest

from htmx_ui.answers import MARKDOWN_LIMIT, answer_html
from tests.support.growth import costs_in_proportion

_HARMLESS = {"p", "br", "ul", "ol", "li", "strong", "em", "code", "pre", "a"}


class Tags(HTMLParser):
    """What an answer became."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("answer", "html"),
    [
        ("It is **bold** and *fine*.", "<p>It is <strong>bold</strong> and <em>fine</em>.</p>"),
        ("Two\nlines", "<p>Two<br>\nlines</p>"),
        ("# Done", "<p><strong>Done</strong></p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>'),
        ("`a < b`", "<p><code>a &lt; b</code></p>"),
        ("![a *red* door](https://tracker.test/p.gif)", "<p>a red door</p>"),
        ("> said", "<p>said</p>"),
        ("[x](https://a.test)", '<p><a href="https://a.test" target="_blank" rel="noopener nofollow">x</a></p>'),
        (
            "<mailto:a@b.test>",
            '<p><a href="mailto:a@b.test" target="_blank" rel="noopener nofollow">mailto:a@b.test</a></p>',
        ),
        ("***", '<p class="as-is">***</p>'),
    ],
)
def test_markdown_is_shown_as_it_is_meant(answer: str, html: str) -> None:
    assert answer_html(answer).strip() == html


@pytest.mark.parametrize(
    "answer",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:x)",
        "[x](//evil.test)",
        "[x](/sign-out)",
        "[x](?notice=published)",
        "[x]: javascript:alert(1)\n\n[x]",
        "<javascript:alert(1)>",
        '[x](https://a.test "onmouseover=alert(1)")',
        '[x](https://a.test/"onmouseover="alert(1))',
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "<a href='javascript:alert(1)'>x</a>",
        "</div></article><form action=/sign-out><button>",
        '![x" onerror="alert(1)](https://a.test)',
        "![<img src=x onerror=alert(1)>](x)",
        "```<script>\n<script>alert(1)</script>\n```",
        "`<script>`",
        "<!-- --><style>*{display:none}</style>",
    ],
)
def test_hostile_answers_become_harmless_tags(answer: str) -> None:
    for tag, attributes in Tags(answer_html(answer)).tags:
        assert tag in _HARMLESS
        assert attributes.keys() <= {"href", "target", "rel", "start", "class"}
        assert (attributes.get("href") or "https://").startswith("https://")
        assert tag != "a" or (attributes["rel"], attributes["target"]) == ("noopener nofollow", "_blank")


@pytest.mark.parametrize(
    "piece",
    ["[", "](", "![", "[a](", "*a ", "_a", "**", "*_", "`a", "<", "<a@", "> ", "- ", "1) ", "&", "[x]: y\n", "\n  - a"],
)
def test_no_answer_takes_long_or_is_swallowed(piece: str) -> None:
    """Neither what is repeated as long as Markdown is read, nor deep nests, nor a megabyte."""

    def read(size: int) -> None:
        assert Tags(answer_html(f"Word {piece * (size // len(piece) - 5)}")).text.lstrip().startswith("Word")

    assert costs_in_proportion(read, MARKDOWN_LIMIT)
    assert costs_in_proportion(read, 1_000_000)


def test_what_is_nested_too_deep_is_shown_as_it_is() -> None:
    nest = "\n".join("  " * depth + f"- item {depth}" for depth in range(60))
    assert "item 59" in answer_html(nest)
