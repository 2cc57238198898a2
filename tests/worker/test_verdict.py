"""The verdict over a site, from what a browser saw."""

from daemons.worker.checks.observation import PageObservation
from daemons.worker.checks.verdict import judge
from shared.manifest import Check, CheckStatus

ORIGIN = "http://127.0.0.1:4000"
FILES = {"index.html", "about.html", "blog/index.html", "img/a b.png"}


def _judge(*pages: PageObservation) -> dict[str, Check]:
    return {check.name: check for check in judge(pages, FILES, ORIGIN)}


def test_a_good_page_passes_every_check() -> None:
    page = PageObservation(
        path="index.html",
        links=(f"{ORIGIN}/about.html#team", f"{ORIGIN}/", f"{ORIGIN}/blog/", f"{ORIGIN}/blog", "mailto:a@b.example"),
        images=(f"{ORIGIN}/img/a%20b.png", "data:image/png;base64,"),
    )
    checks = _judge(page)
    assert set(checks) == {"pages", "console", "requests", "links", "images"}
    assert all(check.status is CheckStatus.PASSED for check in checks.values())


def test_each_fault_is_found_where_it_is() -> None:
    page = PageObservation(
        path="about.html",
        console_errors=("console error: no",),
        exceptions=("script error: x is not defined",),
        failed_requests=(f"{ORIGIN}/style.css",),
        links=(f"{ORIGIN}/gone.html",),
        images=(f"{ORIGIN}/gone.png",),
    )
    checks = _judge(page)
    assert checks["console"].findings == ("about.html: console error: no", "about.html: script error: x is not defined")
    assert checks["requests"].findings == ("about.html: /style.css could not be loaded",)
    assert checks["links"].findings == ("about.html: the link /gone.html leads nowhere",)
    assert checks["images"].findings == ("about.html: the image /gone.png leads nowhere",)
    assert [c.name for c in checks.values() if c.status is CheckStatus.FAILED] == [
        "console",
        "requests",
        "links",
        "images",
    ]


def test_a_page_that_does_not_load_fails() -> None:
    assert _judge(PageObservation(path="a.html", error="the page did not load"))["pages"].status is CheckStatus.FAILED


def test_a_site_without_pages_fails() -> None:
    assert _judge()["pages"].findings == ("The site has no HTML page.",)


def test_scripts_of_other_hosts_make_script_errors_a_warning() -> None:
    page = PageObservation(
        path="index.html", exceptions=("bootstrap is not defined",), blocked=("https://cdn.example/b.js",)
    )
    checks = _judge(page)
    assert checks["console"].status is CheckStatus.PASSED
    assert checks["other sites"].status is CheckStatus.WARNING
    assert "cdn.example" in checks["other sites"].findings[0]


def test_findings_are_bounded() -> None:
    page = PageObservation(path="index.html", links=tuple(f"{ORIGIN}/gone{n}.html" for n in range(300)))
    findings = _judge(page)["links"].findings
    assert len(findings) == 21
    assert findings[-1] == "and 280 more"
