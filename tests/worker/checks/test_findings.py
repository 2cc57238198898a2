"""What is wrong with a site, found in what a browser saw."""

import pytest

from daemons.worker.checks.finding import Weight
from daemons.worker.checks.findings import find
from daemons.worker.checks.observation import LostRequest, PageObservation, ScriptError
from daemons.worker.checks.verdict import compare, verdict
from shared.domain.home_page_check import visitors_see
from shared.domain.manifest import CheckStatus
from tests.support.observations import FILES, addresses, errors, found, lost, page

SCRIPT = LostRequest(address="https://cdn.example/b.js", reason="net::ERR", kind="script")
IMAGE = LostRequest(address="https://x.invalid/1", reason="net::ERR", kind="image")


def own(text: str) -> ScriptError:
    return ScriptError(text=text, source="/site.js")


def sentences(*pages: PageObservation) -> list[tuple[str, str, Weight]]:
    return [(one.check, one.text, one.weight) for one in found(*pages)]


def test_nothing_is_found_on_a_good_page() -> None:
    good = page(links=addresses("/about.html", "/", "/blog/", "/blog"), images=addresses("/img/a%20b.png"))
    assert found(good) == []


def test_each_fault_is_found_where_it_is() -> None:
    bad = page(
        "about.html",
        console=errors(own("console error: no"), own("script error: x is not defined")),
        failed=lost(LostRequest(address="/style.css", reason="404")),
        links=addresses("/gone.html", "/gone.html#a"),
        images=addresses("/gone.png"),
    )
    assert sentences(bad) == [
        ("console", "console error: no", Weight.FAULT),
        ("console", "script error: x is not defined", Weight.FAULT),
        ("requests", "/style.css could not be loaded", Weight.FAULT),
        ("links", "the link /gone.html leads nowhere", Weight.FAULT),
        ("images", "the image /gone.png leads nowhere", Weight.FAULT),
    ]
    assert {one.page for one in found(bad)} == {"about.html"}


def test_a_page_that_does_not_load_is_a_grave_fault() -> None:
    assert sentences(page("about.html", error="it did not load")) == [("pages", "it did not load", Weight.GRAVE)]


def test_a_page_that_nobody_could_look_at_is_unknown() -> None:
    assert sentences(page("about.html", unseen="no report")) == [("pages", "no report", Weight.UNKNOWN)]


def test_a_site_without_home_page_is_found() -> None:
    [finding] = find({}, {"about.html"}, {})
    assert (finding.check, finding.subject, finding.weight) == ("home page", "missing", Weight.GRAVE)


def test_an_empty_home_page_is_found() -> None:
    [finding] = found(PageObservation(path="index.html"))
    assert (finding.check, finding.subject, finding.weight) == ("home page", "empty", Weight.GRAVE)
    assert found(PageObservation(path="index.html", media=1)) == []


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (page(error="it did not load"), "index.html: the home page does not load"),
        (PageObservation(path="index.html", media=1, images=addresses("/gone.png")), "pictures that are missing"),
        (PageObservation(path="index.html", media=2, images=addresses("/gone.png")), ""),
        (PageObservation(path="index.html", media=1, images=addresses("/index.html")), ""),
        (page(images=addresses("/gone.png")), ""),
    ],
)
def test_who_publishes_an_import_is_told_of_a_home_page_without_content(seen: PageObservation, expected: str) -> None:
    """An import is the base line: it only warns, and has its preview; but nobody publishes it unaware."""
    checks = verdict(compare(found(seen), (), 1, is_base_line=True), 1)
    assert CheckStatus.FAILED not in {check.status for check in checks}
    told = visitors_see((check.name, check.status, check.findings) for check in checks)
    assert expected in told
    assert bool(expected) == bool(told)


def test_a_home_page_that_nobody_could_look_at_is_unknown() -> None:
    checks = {(one.check, one.weight) for one in found(page(unseen="no report"))}
    assert checks == {("home page", Weight.UNKNOWN), ("pages", Weight.UNKNOWN)}


@pytest.mark.parametrize(
    ("before", "after", "media", "is_lost"),
    [(3_400, 12, 5, True), (3_400, 400, 0, False), (40, 0, 0, True), (40, 2, 0, False), (0, 0, 0, False)],
)
def test_a_page_that_lost_nearly_all_of_its_text_is_found(before: int, after: int, media: int, is_lost: bool) -> None:
    now = PageObservation(path="about.html", text=after, media=media)
    findings = found(now, text_before={"about.html": before})
    assert [(one.check, one.weight) for one in findings] == ([("content", Weight.GRAVE)] if is_lost else [])


@pytest.mark.parametrize("blocked", [IMAGE, SCRIPT])
def test_a_request_to_another_host_silences_no_error_of_the_site(blocked: LostRequest) -> None:
    console, other = found(page(console=errors(own("script error: E")), blocked=lost(blocked)))[::-1]
    assert (console.check, console.text, console.weight) == ("console", "script error: E", Weight.FAULT)
    assert (other.check, other.weight) == ("other sites", Weight.HINT)


def test_an_error_that_a_missing_script_explains_is_unknown() -> None:
    missing = own("script error: bootstrap is not defined")
    assert found(page(console=errors(missing), blocked=lost(SCRIPT)))[-1].weight is Weight.UNKNOWN
    assert found(page(console=errors(missing), blocked=lost(IMAGE)))[-1].weight is Weight.FAULT


def test_an_error_of_another_host_is_no_fault_of_the_site() -> None:
    assert found(page(console=errors(ScriptError(text="down", source="https://cdn.example/b.js")))) == []


def test_a_file_that_the_browser_hands_to_a_viewer_is_no_fault() -> None:
    for address, checks in (("/menu.pdf", []), ("/gone.pdf", ["requests"])):
        aborted = LostRequest(address=address, reason="net::ERR_ABORTED", kind="document")
        assert [one.check for one in found(page(failed=lost(aborted)))] == checks


def test_relative_addresses_of_the_missing_page_are_found() -> None:
    assert [one.check for one in found(page("404.html", relative=addresses("style.css")))] == ["missing page"]
    assert found(page("about.html", relative=addresses("style.css"))) == []


def test_what_was_cut_off_is_counted_or_not_checked() -> None:
    cut = page(console=errors(own("e"), total=60), links=addresses("/about.html", total=2_001))
    assert [(one.check, one.count, one.weight) for one in found(cut)] == [
        ("console", 1, Weight.FAULT),
        ("console", 59, Weight.FAULT),
        ("links", 1, Weight.UNKNOWN),
    ]


def test_a_finding_is_found_once() -> None:
    assert len({one.identity for one in found(page(links=addresses("/a#1", "/a#2")))}) == 1
    assert FILES


def test_other_hosts_are_counted_in_whole() -> None:
    many = [LostRequest(address=f"https://h{n:02}.invalid/", reason="net::ERR", kind="image") for n in range(47)]
    (told,) = found(page(blocked=lost(*many)))
    assert told.text.startswith("Loaded from other sites and not checked: h00.invalid, h01.invalid, ")
    assert told.text.endswith("h09.invalid and 37 more")


def test_more_than_a_worker_can_hold_is_counted() -> None:
    """Grave faults keep their words, and no fault is lost from the count."""
    pages = {
        f"p{number}.html": page(f"p{number}.html", links=addresses(*(f"/gone-{n}" for n in range(1500))))
        for number in range(20)
    }
    pages["z.html"] = page("z.html", error="it does not load")
    everything = find(pages, FILES, {})
    links = [one for one in everything if one.check == "links"]
    assert sum(one.count for one in links) == 20 * 1500
    assert len(everything) < 20_100
    assert [one.page for one in everything if one.weight is Weight.GRAVE and one.check == "pages"] == ["z.html"]
