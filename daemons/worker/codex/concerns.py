"""Tells the agent which pages the request concerns, as data: names of files come from the site. Pure."""

import json

from shared.domain.scope import Scope, ScopeSource

_MOST_NAMED = 50
_WHOSE = {
    ScopeSource.OWNER: "as the owner says",
    ScopeSource.MODEL: "as it was understood",
    ScopeSource.WORDS: "as far as its words tell",
}
_ALL = "every page of the site"
_RULE = (
    "Change on these pages only what the request asks for, and leave the other pages as they are, unless a link to "
    "what you add, rename or remove must follow there."
)


def concerns_text(scope: Scope | None) -> str:
    """The part of the instructions that tells of the scope; empty if nothing is known of it."""
    if scope is None or scope.source is ScopeSource.NOTHING:
        return ""
    named = ", ".join(json.dumps(page, ensure_ascii=False) for page in scope.pages[:_MOST_NAMED])
    more = f" and {len(scope.pages) - _MOST_NAMED} more" if len(scope.pages) > _MOST_NAMED else ""
    what = _ALL if scope.everywhere else f"{named}{more}"
    return f"\nThis request concerns, {_WHOSE[scope.source]}: {what}. {_RULE}\n" if what else ""
