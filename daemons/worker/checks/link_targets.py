"""Finds where a link leads: to which file, and whether that page has the link's `#place`."""

from collections.abc import Collection, Mapping
from functools import cache
from urllib.parse import unquote

from daemons.worker.checks.addresses import file_of
from daemons.worker.checks.observation import PageObservation

# Scripts read fragments that begin with these, so a page need not have such a place.
_READ_BY_SCRIPTS = ("!", "/", ":~:", "?")


class LinkTargets:
    """All that a site's links can lead to. It computes each answer once, because links repeat on every page."""

    def __init__(self, pages: Mapping[str, PageObservation], files: Collection[str]) -> None:
        self._pages = pages
        self.file = cache(lambda path: file_of(path, files))
        self._places = cache(self._places_of)

    def lacks_place(self, file: str, place: str) -> bool:
        """Whether the browser has looked at this page and found no such place on it."""
        places = self._places(file)
        return not (
            places is None
            or place in places
            or unquote(place) in places
            or place.lower() == "top"
            or place.startswith(_READ_BY_SCRIPTS)
        )

    def _places_of(self, file: str) -> frozenset[str] | None:
        """The names of the page's places, None if not all are known."""
        page = self._pages.get(file)
        if page is None or page.error or page.unseen or page.places.total != len(page.places.items):
            return None
        return frozenset(page.places.items)
