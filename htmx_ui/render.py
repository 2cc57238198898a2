"""Contexts to HTML: the only user of Jinja2. Everything is escaped, and an unknown name is an error."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import i18n

from htmx_ui import links
from htmx_ui.answers import answer_html
from htmx_ui.change_parts import by_page
from htmx_ui.contexts import Context
from htmx_ui.kept_rows import KeptRows
from htmx_ui.languages import LANGUAGES, texts_of
from htmx_ui.spoken import spoken
from htmx_ui.wording import person, words_of


def render(
    context: Context, now: datetime | None = None, language: str = LANGUAGES[0], assets: str = links.STATIC
) -> str:
    """The HTML of a page or fragment in a language; `now` is what times are relative to.

    `assets` is the address of the folder with style sheets and scripts.
    """
    template = _environment(language).get_template(context.template)
    return template.render(page=context, now=now or datetime.now(UTC), assets=assets)


@cache
def _environment(language: str) -> Environment:
    """The templates in one language, with rows of their own that are kept."""
    environment = Environment(
        loader=PackageLoader("htmx_ui"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=[i18n],
    )
    texts = texts_of(language)
    environment.install_gettext_callables(texts.gettext, texts.ngettext, newstyle=True)  # type: ignore[attr-defined]
    words = words_of(language)
    environment.globals.update(links=links, wording=words, kept=KeptRows(words), language=language)
    environment.globals.update(modules=_modules(), answer_html=answer_html, person=person, spoken=spoken)
    environment.globals.update(by_page=by_page)
    return environment


def _modules() -> tuple[str, ...]:
    """The modules that app.js is made of: a page names them, so that a browser asks for all of them at once."""
    files = (Path(__file__).parent / "static").glob("*.js")
    return tuple(sorted(file.name for file in files if file.name != "app.js"))
