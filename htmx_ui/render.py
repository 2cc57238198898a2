"""Contexts to HTML: the only user of Jinja2. Everything is escaped, and an unknown name is an error."""

from datetime import UTC, datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from htmx_ui import links, wording
from htmx_ui.contexts import Context
from htmx_ui.kept_rows import KeptRows


def render(context: Context, now: datetime | None = None) -> str:
    """The HTML of a page or fragment; `now` is what times are relative to."""
    return _environment().get_template(context.template).render(page=context, now=now or datetime.now(UTC))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("htmx_ui"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(links=links, wording=wording, kept=KeptRows())
    return environment
