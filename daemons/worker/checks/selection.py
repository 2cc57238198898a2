"""Which pages are loaded, and which of them need a new picture; a pure choice."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from shared.manifest import Changes, Check, CheckStatus, Screenshot

# Pictures are for people, who look at the first pages and at those that changed.
_MOST_PICTURES = 12
_MOST_PAGES = 500


@dataclass(frozen=True)
class Selection:
    """`pages` are loaded in this order, `pictured` get new pictures; `kept` are pictures that still hold."""

    pages: tuple[str, ...]
    pictured: tuple[str, ...]
    kept: tuple[Screenshot, ...]
    left_out: int

    @property
    def coverage(self) -> tuple[Check, ...]:
        """A warning if the site has more pages than are looked at."""
        if not self.left_out:
            return ()
        finding = f"Only the first {len(self.pages)} pages were checked, {self.left_out} were not."
        return (Check(name="coverage", status=CheckStatus.WARNING, findings=(finding,)),)


def select(files: Collection[str], changes: Changes, known: Sequence[Screenshot]) -> Selection:
    """Choose among the public `files`; `known` are the pictures of the version before.

    The home page comes first, then what changed, then the rest by depth and name. An unchanged page looks as it did,
    unless something that pages share has changed: a style, a script, an image.
    """
    touched = {change.path for change in (*changes.added, *changes.modified, *changes.removed)}
    html = [path for path in files if is_page(path)]
    order = sorted(html, key=lambda path: (path != "index.html", path not in touched, path.count("/"), path))
    shown = set(order[:_MOST_PICTURES])
    shared_change = not all(is_page(path) for path in touched)
    kept = () if shared_change else tuple(shot for shot in known if shot.page in shown - touched)
    pictured = tuple(page for page in order if page in shown - {shot.page for shot in kept})
    return Selection(tuple(order[:_MOST_PAGES]), pictured, kept, len(order[_MOST_PAGES:]))


def is_page(path: str) -> bool:
    """Whether a browser would show this file as a page."""
    return path.endswith((".html", ".htm"))
