"""The verdict over a site, from what a browser saw."""

from daemons.worker.checks.observation import (
    Addresses,
    LostRequest,
    LostRequests,
    PageObservation,
    ScriptError,
    ScriptErrors,
)
from daemons.worker.checks.verdict import judge
from shared.manifest import Check, CheckStatus

FILES = {"index.html", "about.html", "blog/index.html", "img/a b.png", "menu.pdf"}


def addresses(*items: str, total: int | None = None) -> Addresses:
    return Addresses(items=items, total=len(items) if total is None else total)


def errors(*items: ScriptError, total: int | None = None) -> ScriptErrors:
    return ScriptErrors(items=items, total=len(items) if total is None else total)


def lost(*items: LostRequest) -> LostRequests:
    return LostRequests(items=items, total=len(items))


def own(text: str) -> ScriptError:
    return ScriptError(text=text, source="/site.js")


def _judge(*pages: PageObservation) -> dict[str, Check]:
    return {check.name: check for check in judge(pages, FILES)}


def test_a_good_page_passes_every_check() -> None:
    page = PageObservation(
        path="index.html",
        links=addresses("/about.html#team", "/", "/blog/", "/blog"),
        images=addresses("/img/a%20b.png"),
    )
    checks = _judge(page)
    assert set(checks) == {"pages", "console", "requests", "links", "images"}
    assert all(check.status is CheckStatus.PASSED for check in checks.values())


def test_each_fault_is_found_where_it_is() -> None:
    page = PageObservation(
        path="about.html",
        console=errors(own("console error: no"), own("script error: x is not defined")),
        failed=lost(LostRequest(address="/style.css", reason="404")),
        links=addresses("/gone.html"),
        images=addresses("/gone.png"),
    )
    checks = _judge(page)
    assert checks["console"].findings == ("about.html: console error: no", "about.html: script error: x is not defined")
    assert checks["requests"].findings == ("about.html: /style.css could not be loaded",)
    assert checks["links"].findings == ("about.html: the link /gone.html leads nowhere",)
    assert checks["images"].findings == ("about.html: the image /gone.png leads nowhere",)
    failed = [name for name, check in checks.items() if check.status is CheckStatus.FAILED]
    assert failed == ["console", "requests", "links", "images"]


def test_a_page_that_does_not_load_fails() -> None:
    assert _judge(PageObservation(path="a.html", error="the page did not load"))["pages"].status is CheckStatus.FAILED


def test_a_page_that_nobody_could_look_at_is_told_as_not_checked() -> None:
    pages = _judge(PageObservation(path="a.html", unseen="no report"))["pages"]
    assert (pages.status, pages.findings) == (CheckStatus.WARNING, ("Not checked: a.html: no report",))


def test_a_site_without_pages_fails() -> None:
    assert _judge()["pages"].findings == ("The site has no HTML page.",)


def test_a_request_to_another_host_silences_no_error_of_the_site() -> None:
    image = LostRequest(address="https://x.invalid/1", reason="net::ERR", kind="image")
    script = LostRequest(address="https://cdn.example/b.js", reason="net::ERR", kind="script")
    for blocked in (lost(image), lost(script)):
        page = PageObservation(path="index.html", console=errors(own("script error: E")), blocked=blocked)
        console = _judge(page)["console"]
        assert (console.status, console.findings) == (CheckStatus.FAILED, ("index.html: script error: E",))


def test_an_error_that_a_missing_script_explains_is_told_as_not_checked() -> None:
    script = LostRequest(address="https://cdn.example/b.js", reason="net::ERR", kind="script")
    page = PageObservation(
        path="index.html", console=errors(own("script error: bootstrap is not defined")), blocked=lost(script)
    )
    checks = _judge(page)
    assert checks["console"].status is CheckStatus.WARNING
    assert checks["console"].findings[0].startswith("Not checked: index.html: script error: bootstrap is not defined")
    assert checks["other sites"].status is CheckStatus.WARNING
    assert "cdn.example" in checks["other sites"].findings[0]


def test_an_error_of_another_host_is_no_fault_of_the_site() -> None:
    error = ScriptError(text="console error: down", source="https://cdn.example/b.js")
    assert _judge(PageObservation(path="index.html", console=errors(error)))["console"].status is CheckStatus.PASSED


def test_a_file_that_the_browser_hands_to_a_viewer_is_no_failure() -> None:
    aborted = LostRequest(address="/menu.pdf", reason="net::ERR_ABORTED", kind="document")
    missing = LostRequest(address="/gone.pdf", reason="net::ERR_ABORTED", kind="document")
    assert _judge(PageObservation(path="index.html", failed=lost(aborted)))["requests"].status is CheckStatus.PASSED
    assert _judge(PageObservation(path="index.html", failed=lost(missing)))["requests"].status is CheckStatus.FAILED


def test_findings_are_bounded_and_counted() -> None:
    page = PageObservation(path="index.html", links=addresses(*(f"/gone{n}.html" for n in range(300))))
    findings = _judge(page)["links"].findings
    assert len(findings) == 21
    assert findings[-1] == "and 280 more"


def test_errors_that_were_cut_off_are_counted() -> None:
    page = PageObservation(path="index.html", console=errors(*(own(f"e{n}") for n in range(50)), total=60))
    assert _judge(page)["console"].findings[-1] == "and 40 more"


def test_links_that_were_cut_off_are_told_as_not_checked() -> None:
    page = PageObservation(path="index.html", links=addresses("/about.html", total=2_001))
    links = _judge(page)["links"]
    assert (links.status, links.findings) == (CheckStatus.WARNING, ("Not checked: index.html: 2,000 more links",))
