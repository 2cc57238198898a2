"""Whether a page is made of the same bytes as when it was looked at."""

from daemons.worker.checks.closure import closure
from tests.support.observations import addresses, page

FILES = {"index.html": "a", "style.css": "b", "logo.png": "c", "other.html": "d"}
SEEN = page(loads=addresses("/", "/style.css", "/late.js"))


def test_what_a_page_does_not_load_does_not_matter() -> None:
    assert closure(SEEN, FILES, "156") == closure(SEEN, FILES | {"other.html": "new", "logo.png": "new"}, "156") != ""


def test_every_byte_that_a_page_loads_matters() -> None:
    same = closure(SEEN, FILES, "156")
    for changed in (FILES | {"style.css": "new"}, FILES | {"index.html": "new"}, FILES | {"late.js": "came"}):
        assert closure(SEEN, changed, "156") != same
    assert closure(SEEN, {path: digest for path, digest in FILES.items() if path != "style.css"}, "156") != same


def test_another_browser_may_see_something_else() -> None:
    assert closure(SEEN, FILES, "156") != closure(SEEN, FILES, "157")


def test_a_page_whose_loads_are_not_known_is_looked_at_again() -> None:
    for unknown in (page(error="no"), page(unseen="no"), page(loads=addresses("/", total=9_000))):
        assert closure(unknown, FILES, "156") == ""
    assert closure(SEEN, FILES, "") == ""
