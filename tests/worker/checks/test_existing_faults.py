"""What is found on a page that nobody had looked at before, and that is as it was, is an old fault."""

from daemons.worker.checks.existing_faults import existing_faults
from daemons.worker.checks.findings import find
from daemons.worker.checks.history import CheckHistory
from daemons.worker.checks.observation import PageObservation
from daemons.worker.checks.verdict import Reference, compare
from shared.domain.tree import Tree, digests
from shared.domain.tree import compare as changes_of
from tests.support.observations import addresses, page

OLD: Tree = {"index.html": b"home", "late.html": b"late", "a.css": b"a", "about.html": b"about"}
LATE = page(
    path="late.html",
    loads=addresses("/late.html", "/a.css", "/none.js"),
    links=addresses("/about.html", "/gone.html"),
)


def _failed(new: Tree, late: PageObservation = LATE) -> set[str]:
    """The subjects of what counts against a version whose parent had not looked at the late page."""
    seen, files = {"late.html": late}, digests(new)
    before = CheckHistory(2, (Reference(1, {}),)).with_existing_faults(
        existing_faults(seen, files, changes_of(OLD, new), "156")
    )
    found = find(seen, files.keys(), {})
    told = compare(found, before.references, 2, is_base_line=False)
    return {one.finding.subject for one in told if one.failed}


def test_faults_of_an_untouched_page_are_old() -> None:
    assert _failed(OLD | {"index.html": b"new"}) == set()


def test_what_the_edit_broke_on_it_is_new() -> None:
    assert _failed({path: data for path, data in OLD.items() if path != "about.html"}) == {"/about.html"}


def test_a_page_that_was_touched_or_loads_what_was_touched_is_new() -> None:
    for changed in ({"late.html": b"x"}, {"a.css": b"x"}, {"none.js": b"x"}):
        assert _failed(OLD | changed) == {"/gone.html"}


def test_a_page_whose_loads_are_not_all_known_is_new() -> None:
    assert _failed(OLD, LATE.model_copy(update={"loads": addresses("/", total=9_000)})) == {"/gone.html"}
