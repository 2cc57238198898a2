"""What showing a version to visitors would change: asked of the API, and told in a few lines."""

from collections.abc import Iterator

from cli.client import JsonObject
from cli.session import Session
from cli.terminal_text import home_page, named
from shared.domain.errors import NotFound

_CHANGES = {"added": "Visitors get", "modified": "What looks different", "removed": "Visitors lose"}


def publication(session: Session, site: str, number: int) -> JsonObject:
    """What the API tells; an API of the release before knows no more than the version's checks."""
    path = f"/sites/{site}/versions/{number}"
    try:
        return session.api.get(f"{path}/publication")
    except NotFound:
        return _from_checks(session.api.get(path))


def blocks(found: JsonObject) -> bool:
    """Whether visitors would meet new problems, so that the API refuses it unless they are accepted."""
    return bool(found["problems"]["new"] or found["problems"]["unclear"])


def publication_lines(found: JsonObject) -> Iterator[str]:
    """What visitors get and lose, and what is mended; nothing if nothing is public, or if nobody knows."""
    changes = found["changes"]
    if found["live"] is None or changes is None:
        return
    for change, words in _CHANGES.items():
        others = [f"{one['count']:,} {one['kind']}(s)" for one in changes["other"] if one["change"] == change]
        told = [text for text in (named(changes[change]), *others) if text]
        if told:
            yield f"{words}: {', '.join(told)}."
    if found["version"] < (found["newest"] or 0):
        yield f"Version {found['newest']} is newer."
    if mended := found["problems"]["mended_count"]:
        yield f"{mended:,} {'problem is' if mended == 1 else 'problems are'} gone."


def _from_checks(version: JsonObject) -> JsonObject:
    failed = [check for check in version["checks"] if check["status"] == "failed"]
    problems = {"new": failed, "unclear": [], "mended_count": 0}
    return {"live": None, "changes": None, "problems": problems, "home_page": home_page(version)}
