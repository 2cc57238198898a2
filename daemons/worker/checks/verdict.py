"""The verdict over a site: from what the browser saw and the list of files to checks, without any I/O."""

from collections.abc import Callable, Collection, Sequence
from urllib.parse import unquote, urlsplit

from daemons.worker.checks.observation import PageObservation
from shared.manifest import Check, CheckStatus

_FINDINGS_LIMIT = 20

Finder = Callable[[PageObservation, Collection[str]], list[str]]


def judge(pages: Sequence[PageObservation], files: Collection[str], origin: str) -> tuple[Check, ...]:
    """The checks of a site whose public files are `files`, served at `origin` while the browser looked."""
    if not pages:
        return (Check(name="pages", status=CheckStatus.FAILED, findings=("The site has no HTML page.",)),)

    def check(name: str, find: Callable[[PageObservation], list[str]]) -> Check:
        findings = [f"{page.path}: {finding}" for page in pages for finding in find(page)]
        return _check(name, findings)

    return (
        check("pages", lambda page: [page.error] if page.error else []),
        check("console", _script_errors),
        check(
            "requests", lambda page: [f"{_shorten(url, origin)} could not be loaded" for url in page.failed_requests]
        ),
        check("links", lambda page: _broken(page.links, files, origin, "link")),
        check("images", lambda page: _broken(page.images, files, origin, "image")),
        *_other_hosts(pages),
    )


def _check(name: str, findings: list[str]) -> Check:
    shown = findings[:_FINDINGS_LIMIT]
    if len(findings) > _FINDINGS_LIMIT:
        shown.append(f"and {len(findings) - _FINDINGS_LIMIT} more")
    return Check(name=name, status=CheckStatus.FAILED if findings else CheckStatus.PASSED, findings=tuple(shown))


def _script_errors(page: PageObservation) -> list[str]:
    """Errors of a page's own scripts. Scripts from other hosts can't load in the sandbox, so a page that
    wants some can't be judged; `_other_hosts` says so instead."""
    return [] if page.blocked else [*page.console_errors, *page.exceptions]


def _other_hosts(pages: Sequence[PageObservation]) -> tuple[Check, ...]:
    """A warning that names what the checks could not see."""
    hosts = sorted({urlsplit(url).netloc for page in pages for url in page.blocked} - {""})
    if not hosts:
        return ()
    finding = f"Loaded from other sites and not checked: {', '.join(hosts)}"[:500]
    return (Check(name="other sites", status=CheckStatus.WARNING, findings=(finding,)),)


def _broken(urls: Sequence[str], files: Collection[str], origin: str, what: str) -> list[str]:
    broken = [url for url in urls if url.startswith(origin + "/") and not _resolves(url, files)]
    return [f"the {what} {_shorten(url, origin)} leads nowhere" for url in dict.fromkeys(broken)]


def _resolves(url: str, files: Collection[str]) -> bool:
    path = unquote(urlsplit(url).path).lstrip("/")
    folder = path if path.endswith("/") or not path else path + "/"
    return path in files or folder + "index.html" in files


def _shorten(url: str, origin: str) -> str:
    return url.removeprefix(origin)[:200]
