"""The verdict over a site: from what the browser saw and the list of files to checks, without any I/O."""

from collections.abc import Callable, Collection, Iterator, Sequence
from urllib.parse import unquote, urlsplit

from daemons.worker.checks.observation import (
    Addresses,
    LostRequest,
    LostRequests,
    PageObservation,
    ScriptError,
    ScriptErrors,
)
from shared.manifest import Check, CheckStatus

_FINDINGS_LIMIT = 20
_LONGEST_SHOWN = 200
# What a script says when something that another script should have brought is missing.
_MISSING_NAMES = ("is not defined", "is not a function", "is not a constructor", "of undefined", "of null")

Find = Callable[[PageObservation], list[str]]
Count = Callable[[PageObservation], int]


def judge(pages: Sequence[PageObservation], files: Collection[str]) -> tuple[Check, ...]:
    """The checks of a site whose public files are `files`."""
    if not pages:
        return (Check(name="pages", status=CheckStatus.FAILED, findings=("The site has no HTML page.",)),)
    return (
        _check("pages", pages, lambda page: [page.error] if page.error else [], _unseen),
        _check("console", pages, _script_errors, _unsure_errors, lambda page: _cut_off(page.console)),
        _check("requests", pages, lambda page: _lost(page, files), lambda _: [], lambda page: _cut_off(page.failed)),
        _check(
            "links", pages, lambda page: _broken(page.links, files, "link"), lambda page: _left_out(page.links, "links")
        ),
        _check(
            "images",
            pages,
            lambda page: _broken(page.images, files, "image"),
            lambda page: _left_out(page.images, "images"),
        ),
        *_other_hosts(pages),
    )


def _check(
    name: str, pages: Sequence[PageObservation], faults: Find, unchecked: Find, untold: Count = lambda _: 0
) -> Check:
    """Faults fail; what could not be judged is a warning. `untold` faults are counted without their words."""
    failed = [f"{page.path}: {fault}" for page in pages for fault in faults(page)]
    findings = [*failed, *(f"Not checked: {page.path}: {what}" for page in pages for what in unchecked(page))]
    shown = findings[:_FINDINGS_LIMIT]
    more = len(findings) - len(shown) + sum(map(untold, pages))
    if more:
        shown.append(f"and {more} more")
    status = CheckStatus.FAILED if failed else CheckStatus.WARNING if findings else CheckStatus.PASSED
    return Check(name=name, status=status, findings=tuple(shown))


def _unseen(page: PageObservation) -> list[str]:
    return [page.unseen] if page.unseen else []


def _script_errors(page: PageObservation) -> list[str]:
    return [error.text for error in page.console.items if not _is_foreign(error) and not _is_unsure(error, page)]


def _unsure_errors(page: PageObservation) -> list[str]:
    return [f"{error.text} (it may come from another site)" for error in page.console.items if _is_unsure(error, page)]


def _is_foreign(error: ScriptError) -> bool:
    return error.source.startswith(("http:", "https:"))


def _is_unsure(error: ScriptError, page: PageObservation) -> bool:
    """Whether the site's own script may have failed only because something from another host is missing here."""
    if _is_foreign(error):
        return False
    lost_script = any(lost.kind == "script" for lost in page.blocked.items)
    lost_call = any(lost.kind in ("fetch", "xhr") for lost in page.blocked.items)
    return (
        (lost_script and any(words in error.text for words in _MISSING_NAMES))
        or (lost_call and "Failed to fetch" in error.text)
        or any(host in error.text for host in _hosts([page]))
    )


def _lost(page: PageObservation, files: Collection[str]) -> list[str]:
    failed = [lost for lost in page.failed.items if not _is_handed_over(lost, files)]
    return [f"{address} could not be loaded" for address in dict.fromkeys(_shorten(lost.address) for lost in failed)]


def _is_handed_over(lost: LostRequest, files: Collection[str]) -> bool:
    """The browser aborts what it hands to a viewer, a player or the downloads: a file that is there is no fault."""
    return lost.reason == "net::ERR_ABORTED" and _resolves(lost.address, files)


def _left_out(addresses: Addresses, kind: str) -> list[str]:
    count = _cut_off(addresses)
    return [f"{count:,} more {kind}"] if count else []


def _cut_off(seen: Addresses | LostRequests | ScriptErrors) -> int:
    """How many there were beyond those that are known."""
    return max(0, seen.total - len(seen.items))


def _hosts(pages: Sequence[PageObservation]) -> list[str]:
    return sorted({_host(lost.address) for page in pages for lost in page.blocked.items} - {""})


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def _other_hosts(pages: Sequence[PageObservation]) -> tuple[Check, ...]:
    """A warning that names what the checks could not see."""
    hosts = _hosts(pages)
    if not hosts:
        return ()
    finding = f"Loaded from other sites and not checked: {', '.join(hosts)}"[:500]
    return (Check(name="other sites", status=CheckStatus.WARNING, findings=(finding,)),)


def _broken(addresses: Addresses, files: Collection[str], what: str) -> list[str]:
    return list(_each_broken(addresses, files, what))


def _each_broken(addresses: Addresses, files: Collection[str], what: str) -> Iterator[str]:
    broken = [address.partition("#")[0] for address in addresses.items if not _resolves(address, files)]
    yield from (f"the {what} {_shorten(path)} leads nowhere" for path in dict.fromkeys(broken))


def _resolves(address: str, files: Collection[str]) -> bool:
    path = unquote(address.partition("#")[0]).lstrip("/")
    folder = path if path.endswith("/") or not path else path + "/"
    return path in files or folder + "index.html" in files


def _shorten(address: str) -> str:
    return address[:_LONGEST_SHOWN]
