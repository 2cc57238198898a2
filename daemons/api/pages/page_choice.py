"""Decides which page of a version the preview shows; pure."""

from collections.abc import Mapping


def page_to_show(wanted: str, pages: Mapping[str, str], before: Mapping[str, str] | None = None) -> str:
    """The page to show of a version whose `pages` these are, the home page first, with the digests of their bytes.

    Coming from a version with the pages `before`, it is the first one that changed, unless the wanted page changed
    too or none did: a style sheet or a picture changes none. Else it is the wanted page, or the home page.
    """
    changed = [page for page, digest in pages.items() if before.get(page) != digest] if before else []
    if wanted in pages and (wanted in changed or not changed):
        return wanted
    return next(iter([*changed, *pages]), "index.html")
