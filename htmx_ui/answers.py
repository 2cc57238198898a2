"""What a model answered: its Markdown as HTML that is safe to show. The only user of markdown-it and nh3."""

from collections.abc import Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

# Longer answers are shown as they are: reading Markdown takes time that grows faster than the text.
MARKDOWN_LIMIT = 8_000
_DEEPEST = 20
_TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "code", "pre", "a"}
_SCHEMES = ("http://", "https://", "mailto:")


def answer_html(answer: str) -> Markup:
    """Paragraphs, lists, bold, emphasis, code and links; of anything else its text."""
    tokens = _PARSER.parse(answer) if len(answer) <= MARKDOWN_LIMIT else []
    if not any(token.content for token in tokens) or any(token.level >= _DEEPEST - 2 for token in tokens):
        return Markup('<p class="as-is">{}</p>').format(answer)
    html = nh3.clean(
        _PARSER.renderer.render(tokens, _PARSER.options, {}),
        tags=_TAGS,
        attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
        attribute_filter=_kept_value,
        link_rel="noopener nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return Markup(html)  # noqa: S704 - nh3 has left nothing but the tags and attributes above


def _kept_value(_tag: str, name: str, value: str) -> str | None:
    """A link leads to another website or to a mailbox: what is relative would lead into PageWright itself."""
    return value if name != "href" or value.lower().startswith(_SCHEMES) else None


def _picture(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """A picture would tell its server who reads the answer: its text is shown instead."""
    return str(escape(renderer.renderInlineAsText(tokens[index].children, options, env)))


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": _DEEPEST})
    parser.add_render_rule("image", _picture)
    for rule, html in (("heading_open", "<p><strong>"), ("heading_close", "</strong></p>\n")):
        parser.add_render_rule(rule, lambda *_, html=html: html)
    return parser


_PARSER = _parser()
