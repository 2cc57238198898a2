"""Finds what is wrong with a site, from what the browser saw and the list of its files; does no I/O."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from daemons.worker.checks.addresses import file_of, home_page
from daemons.worker.checks.audit_findings import audit_findings
from daemons.worker.checks.finding import MORE, Finding, Weight
from daemons.worker.checks.link_targets import LinkTargets
from daemons.worker.checks.observation import (
    AddressList,
    LostRequest,
    LostRequests,
    PageObservation,
    ScriptError,
    ScriptErrors,
)
from daemons.worker.checks.target_findings import target_findings
from shared.domain.check_rules import USUAL_KILOBYTES

_LONGEST_SHOWN = 200
# What a script reports when something is missing that another script should have defined.
_MISSING_NAMES = ("is not defined", "is not a function", "is not a constructor", "of undefined", "of null")
# A page that had this much text, and has less than one in `_LOST_SHARE` of it now, has lost its text.
_TEXT_THAT_COUNTS = 200
_LOST_SHARE = 10
_HOSTS_NAMED = 10
_MISSING_PAGE = "404.html"
_MOST_FINDINGS = 20_000


def find(
    pages: Mapping[str, PageObservation],
    files: Collection[str],
    text_before: Mapping[str, int],
    parts_before: Mapping[str, frozenset[str]] = MappingProxyType({}),
    page_kilobytes: int = USUAL_KILOBYTES,
) -> tuple[Finding, ...]:
    """All findings of the site; `text_before` is how much text its pages had in the version before.

    `parts_before` are the parts that they had then and could have lost: title and language. A page may load
    `page_kilobytes` with all its files.
    """
    found = [*_home(pages, files), *_other_hosts(pages.values())]
    site = LinkTargets(pages, files)
    for page in pages.values():
        found += _of_page(page, site)
        found += _lost_text(page, text_before.get(page.path, 0))
        found += audit_findings(page, parts_before.get(page.path, frozenset()), page_kilobytes)
    return _bounded(list({finding.identity: finding for finding in found}.values()))


def _bounded(found: list[Finding]) -> tuple[Finding, ...]:
    """The gravest and first findings, and how many more each page has, so that no site fills a worker's memory."""
    found.sort(key=lambda one: one.weight is not Weight.GRAVE)
    kept = {one.identity: one for one in found[:_MOST_FINDINGS]}
    for one in found[_MOST_FINDINGS:]:
        others = kept.get((one.check, one.page, MORE))
        counted = one.model_copy(update={"subject": MORE, "count": one.count + (others.count if others else 0)})
        kept[counted.identity] = counted
    return tuple(kept.values())


def _of_page(page: PageObservation, site: LinkTargets) -> Iterator[Finding]:
    if page.unseen:
        yield _unknown("pages", page, page.unseen)
    if page.error:
        yield Finding(check="pages", page=page.path, subject="load", text=page.error, weight=Weight.GRAVE)
    yield from _script_errors(page)
    yield from _failed_requests(page, site)
    yield from target_findings(page, site)
    yield from _links(page, site)
    yield from _images(page, site)
    if page.path == _MISSING_PAGE:
        yield from _missing_page(page)


def _home(pages: Mapping[str, PageObservation], files: Collection[str]) -> Iterator[Finding]:
    home = home_page(files)
    if home is None:
        text = "The site has no home page: its address answers that there is no such page."
        yield Finding(check="home page", page="", subject="missing", text=text, weight=Weight.GRAVE)
        return
    page = pages.get(home)
    if page is None or page.unseen:
        yield Finding(check="home page", page=home, subject="unseen", text="the home page", weight=Weight.UNKNOWN)
    elif wrong := _wrong_home(page, files):
        subject, text = wrong
        yield Finding(check="home page", page=home, subject=subject, text=text, weight=Weight.GRAVE)


def _wrong_home(page: PageObservation, files: Collection[str]) -> tuple[str, str] | None:
    """The subject and text of the finding if visitors see no home page, else None."""
    if page.error:
        return "load", "the home page does not load"
    if page.text:
        return None
    if not page.media:
        return "empty", "the home page is empty: visitors see nothing"
    if page.media <= sum(file_of(address, files) is None for address in page.images.items):
        return "empty", "there is nothing on the home page but pictures that are missing"
    return None


def _lost_text(page: PageObservation, before: int) -> Iterator[Finding]:
    if page.error or page.unseen or page.text * _LOST_SHARE >= before:
        return
    if before >= _TEXT_THAT_COUNTS or not (page.text or page.media):
        text = f"nearly all of its text is gone: {page.text:,} of {before:,} characters are left"
        yield Finding(check="content", page=page.path, subject="text", text=text, weight=Weight.GRAVE)


def _script_errors(page: PageObservation) -> Iterator[Finding]:
    for error in page.console.items:
        if not _is_foreign(error):
            unsure = _is_unsure(error, page)
            text = f"{error.text} (a script of another site could be missing here)" if unsure else error.text
            weight = Weight.UNKNOWN if unsure else Weight.FAULT
            yield Finding(check="console", page=page.path, subject=error.text, text=text, weight=weight)
    yield from _cut_off("console", page, page.console, "errors", Weight.FAULT)


def _is_foreign(error: ScriptError) -> bool:
    return error.source.startswith(("http:", "https:"))


def _is_unsure(error: ScriptError, page: PageObservation) -> bool:
    """Whether the site's script may have failed only because the sandbox can't load something from another host."""
    kinds = {lost.kind for lost in page.blocked.items}
    return (
        ("script" in kinds and any(words in error.text for words in _MISSING_NAMES))
        or (bool(kinds & {"fetch", "xhr"}) and "Failed to fetch" in error.text)
        or any(host in error.text for host in _hosts([page]))
    )


def _failed_requests(page: PageObservation, site: LinkTargets) -> Iterator[Finding]:
    for lost in page.failed.items:
        if not _is_handed_over(lost, site):
            text = f"{_shorten(lost.address)} could not be loaded"
            yield Finding(check="requests", page=page.path, subject=lost.address, text=text)
    yield from _cut_off("requests", page, page.failed, "failed requests", Weight.FAULT)


def _is_handed_over(lost: LostRequest, site: LinkTargets) -> bool:
    """Whether the browser aborted the request to hand it to a viewer, a player or the downloads: that is no fault."""
    return lost.reason == "net::ERR_ABORTED" and site.file(lost.address) is not None


def _links(page: PageObservation, site: LinkTargets) -> Iterator[Finding]:
    for address in page.links.items:
        path, _, place = address.partition("#")
        file = site.file(path)
        if file is None:
            text = f"the link {_shorten(path)} leads nowhere"
            yield Finding(check="links", page=page.path, subject=path, text=text)
        elif place and site.lacks_place(file, place):
            text = f"the link {_shorten(address)} leads to a page without this place"
            yield Finding(check="anchors", page=page.path, subject=address, text=text, weight=Weight.HINT)
    yield from _cut_off("links", page, page.links, "links", Weight.UNKNOWN)


def _images(page: PageObservation, site: LinkTargets) -> Iterator[Finding]:
    for address in page.images.items:
        if site.file(address) is None:
            text = f"the image {_shorten(address)} leads nowhere"
            yield Finding(check="images", page=page.path, subject=address, text=text)
    yield from _cut_off("images", page, page.images, "images", Weight.UNKNOWN)


def _missing_page(page: PageObservation) -> Iterator[Finding]:
    for address in page.relative.items:
        text = f"the address {_shorten(address)} is relative: below a folder it leads elsewhere; begin it with /"
        yield Finding(check="missing page", page=page.path, subject=address, text=text, weight=Weight.HINT)


def _cut_off(
    check: str, page: PageObservation, seen: AddressList | LostRequests | ScriptErrors, what: str, weight: Weight
) -> Iterator[Finding]:
    """A finding for what the observation cut off: faults are counted, what was not judged is one finding."""
    count = seen.total - len(seen.items)
    if count > 0:
        text = f"{count:,} more {what.removesuffix('s') if count == 1 else what}"
        amount = count if weight is Weight.FAULT else 1
        yield Finding(check=check, page=page.path, subject=MORE, text=text, weight=weight, count=amount)


def _unknown(check: str, page: PageObservation, text: str) -> Finding:
    return Finding(check=check, page=page.path, subject="unseen", text=text, weight=Weight.UNKNOWN)


def _other_hosts(pages: Iterable[PageObservation]) -> Iterator[Finding]:
    hosts = _hosts(pages)
    if hosts:
        rest = f" and {len(hosts) - _HOSTS_NAMED} more" if len(hosts) > _HOSTS_NAMED else ""
        named = ", ".join(host[:100] for host in hosts[:_HOSTS_NAMED])
        text = f"Loaded from other sites and not checked: {named}{rest}"
        yield Finding(check="other sites", page="", subject="hosts", text=text, weight=Weight.HINT)


def _hosts(pages: Iterable[PageObservation]) -> list[str]:
    return sorted({_host(lost.address) for page in pages for lost in page.blocked.items} - {""})


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def _shorten(address: str) -> str:
    return address[:_LONGEST_SHOWN]
