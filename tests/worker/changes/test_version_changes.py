"""A version is compared with its parent on the pages that may differ; a first version has nothing to compare with."""

from daemons.worker.changes.version_changes import version_changes
from daemons.worker.checks.history import CheckHistory
from daemons.worker.checks.observation import PageObservation
from daemons.worker.checks.report import PageRecord
from daemons.worker.checks.selection import Selection
from shared.domain.visible_changes import ChangeOf
from tests.support.page_blocks import page

PAGES = ("index.html", "about.html", "feed.xml")
CHOICE = Selection(PAGES, needed=3, pictured=(), kept={}, stale={}, shots=(), compared=PAGES)


def _seen(text: str, **more: object) -> dict[str, PageObservation]:
    blocks = page(text).model_dump_json()
    return {path: PageObservation(path=path, blocks=blocks, **more) for path in PAGES}


def _history(text: str) -> CheckHistory:
    records = {path: PageRecord(page=one, closure="", looked=1, text=0) for path, one in _seen(text).items()}
    return CheckHistory(2, records=records, files=dict.fromkeys(PAGES, "1"))


def test_pages_alone_are_compared() -> None:
    found = version_changes(_history("a"), dict.fromkeys(PAGES, "2"), CHOICE, _seen("b"))
    assert found
    assert [change.pages for change in found.changes if change.before == "a"] == [("index.html", "about.html")]
    assert found.unread == ()


def test_a_page_that_did_not_load_is_not_compared() -> None:
    found = version_changes(_history("a"), dict.fromkeys(PAGES, "2"), CHOICE, _seen("b", error="it did not load"))
    assert found
    assert found.unread == ("index.html", "about.html")


def test_a_page_that_was_cut_is_not_compared() -> None:
    seen = _seen("b")
    blocks = page("b").model_copy(update={"total": 1_200}).model_dump_json()
    seen["about.html"] = seen["about.html"].model_copy(update={"blocks": blocks})
    found = version_changes(_history("a"), dict.fromkeys(PAGES, "2"), CHOICE, seen)
    assert found
    assert ([change.pages for change in found.changes if change.before == "a"], found.unread) == (
        [("index.html",)],
        ("about.html",),
    )


def test_a_first_version_has_nothing_to_compare_with() -> None:
    assert version_changes(CheckHistory(1), {"index.html": "1"}, CHOICE, _seen("b")) is None


def test_a_page_that_never_is_the_same_twice_is_not_compared() -> None:
    found = version_changes(_history("a"), dict.fromkeys(PAGES, "2"), CHOICE, _seen("b", incomparable=True))
    assert found
    assert found.unread == ("index.html", "about.html")


def test_where_a_page_looks_otherwise_is_told() -> None:
    seen = _seen("a", looks={"desktop": ((0, 0, 10, 10),)})
    found = version_changes(_history("a"), dict.fromkeys(PAGES, "2"), CHOICE, seen)
    assert found
    assert [(change.of, change.page_count) for change in found.changes[:1]] == [(ChangeOf.LOOK, 2)]
