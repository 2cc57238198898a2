"""Finds what a professional would object to on a page, from its audit; does no I/O.

What fails a check has a check of its own: only what visitors really miss. All else is a hint.
"""

from collections.abc import Iterator

from daemons.worker.checks.audit import AuditedHeading, AuditedPicture, MarkupKind, PageAudit, Selector, WideElement
from daemons.worker.checks.finding import Evidence, Finding, Weight
from daemons.worker.checks.observation import PageObservation
from shared.domain.check_rules import USUAL_KILOBYTES
from shared.domain.serving.media_types import extension
from shared.domain.visible_changes import Box

# What each page should have, and what it can lose.
PARTS = frozenset(("title", "language"))
_KILOBYTE = 1_000
_LARGE_PICTURE = 500 * _KILOBYTE
# A small file costs visitors nothing, however many pixels it has.
_SMALL_PICTURE = 50 * _KILOBYTE
_MOST_PIXELS_A_PIXEL = 2
_WIDEST_RATIO_ERROR = 0.05
# Below this a pixel more or less is a large part of the picture.
_FEWEST_PIXELS = 24
_PHONE = 390
_TEXT_THAT_NEEDS_A_HEADLINE = 500
# What draws a page: without it, as the sandbox is without other hosts, nothing is where visitors see it.
_DRAWN_BY = frozenset(("stylesheet", "script"))
_LONGEST_SHOWN = 200
_MARKUP = {
    MarkupKind.TWICE: "an id stands twice: links lead to the first only",
    MarkupKind.STRAY: "an element ends that was not begun",
    MarkupKind.UNCLOSED: "an element is not ended where it should be",
    MarkupKind.NESTED: "an element stands within one of its own kind",
}
# By rule of axe-core.
_BARRIERS = {
    "color-contrast": "texts are too pale to be read by everybody",
    "link-name": "links have no text that says where they lead",
    "button-name": "buttons have no text that says what they do",
    "label": "fields have no text that says what to fill in",
    "select-name": "lists of choices have no text that says what to choose",
    "frame-title": "embedded contents have no title that says what they are",
    "meta-viewport": "the page can't be enlarged on phones",
    "target-size": "links or buttons are too small, or too close together, to be tapped",
    "link-in-text-block": "links in a text can be told from it by their colour alone",
}


def audit_findings(
    page: PageObservation, had: frozenset[str], page_kilobytes: int = USUAL_KILOBYTES
) -> Iterator[Finding]:
    """What is found on the page; `had` are those of PARTS that it had in the version before."""
    audit = page.audit
    if audit is None or page.error or page.unseen:
        return
    if audit.unread:
        yield Finding(check="pages", page=page.path, subject="audit", text=audit.unread, weight=Weight.UNKNOWN)
        return
    lacking = lacking_parts(page)
    for part in sorted(lacking & had):
        yield Finding(check="content", page=page.path, subject=part, text=f"its {part} is gone")
    for part in sorted(lacking - had):
        yield _hint(page, "structure", part, f"the page has no {part}")
    yield from _pictures(page, audit)
    yield from _headings(page, audit)
    if not (_DRAWN_BY & {lost.kind for lost in page.blocked.items}):
        yield from (_wide(page, one) for one in audit.wide)
    yield from _barriers(page, audit)
    yield from _markup(page, audit)
    if not audit.has_description:
        yield _hint(page, "search engines", "description", "the page has no description for search engines")
    if audit.size > page_kilobytes * _KILOBYTE:
        yield _hint(page, "weight", "page", f"the page loads {_kilobytes(audit.size)} kB of files")


def lacking_parts(page: PageObservation) -> frozenset[str]:
    """Which of PARTS the page lacks."""
    lacking = {"title": not page.title, "language": page.audit is not None and not page.audit.language}
    return frozenset(part for part, is_lacking in lacking.items() if is_lacking)


def _pictures(page: PageObservation, audit: PageAudit) -> Iterator[Finding]:
    for picture in audit.pictures:
        name = picture.address[:_LONGEST_SHOWN]
        if not picture.is_named:
            text = f"the picture {name} has no description: people who can't see it, and search engines, get nothing"
            where = _evidence(picture.selector, picture.box)
            yield Finding(check="alternative text", page=page.path, subject=picture.address, text=text, evidence=where)
        for kind, text in _picture_hints(picture):
            subject, said = f"{kind} {picture.address}", f"the picture {name} {text}"
            yield _hint(page, "picture quality", subject, said, _evidence(picture.selector, picture.box))


def _picture_hints(picture: AuditedPicture) -> Iterator[tuple[str, str]]:
    (width, height), (drawn_width, drawn_height) = picture.natural, picture.drawn
    if picture.size > _LARGE_PICTURE:
        yield "heavy", f"has {_kilobytes(picture.size)} kB: it comes late on phones"
    if not all((width, height, drawn_width, drawn_height)) or extension(picture.address) == "svg":
        return
    sizes = f"its file is {width} × {height}, it is drawn {drawn_width} × {drawn_height}"
    error = (drawn_width * height) / (drawn_height * width)
    is_distorted = picture.is_stretched and max(error, 1 / error) > 1 + _WIDEST_RATIO_ERROR
    if is_distorted and min(drawn_width, drawn_height) >= _FEWEST_PIXELS:
        yield "distorted", f"is distorted: {sizes}"
    is_large = min(width / drawn_width, height / drawn_height) > _MOST_PIXELS_A_PIXEL
    if is_large and picture.size > _SMALL_PICTURE and not picture.has_choice:
        yield "large", f"is larger than needed: {sizes}"


def _markup(page: PageObservation, audit: PageAudit) -> Iterator[Finding]:
    for one in audit.markup:
        text = f"{_MARKUP[one.kind]} (line {one.line}: {one.name})"
        yield _hint(page, "markup", f"{one.kind} {one.name}", text, Evidence(line=one.line))


def _barriers(page: PageObservation, audit: PageAudit) -> Iterator[Finding]:
    if audit.barriers is None:
        text = "axe-core could not look for what keeps people with impairments out"
        yield Finding(check="accessibility", page=page.path, subject="unseen", text=text, weight=Weight.UNKNOWN)
    for one in audit.barriers or ():
        words = _BARRIERS.get(one.rule, "a rule for people with impairments is broken")
        text = f"{words} ({one.rule}, {one.count} times, first at {one.selector})"
        yield _hint(page, "accessibility", one.rule, text, _evidence(one.selector, one.box))


def _headings(page: PageObservation, audit: PageAudit) -> Iterator[Finding]:
    mains = [heading for heading in audit.headings if heading.level == 1]
    if not mains and (audit.headings or page.text > _TEXT_THAT_NEEDS_A_HEADLINE):
        yield _hint(page, "structure", "no main headline", "the page has no main headline (h1)")
    for heading in mains[1:2]:
        yield _hint(page, "structure", "main headlines", f"the page has {len(mains)} main headlines (h1)", _at(heading))
    for above, heading in zip(audit.headings, audit.headings[1:], strict=False):
        if heading.level > above.level + 1:
            text = f"the headline “{heading.text}” skips a level: h{heading.level} follows h{above.level}"
            yield _hint(page, "structure", f"skips {heading.text}", text, _at(heading))


def _wide(page: PageObservation, wide: WideElement) -> Finding:
    """A page that is too wide is one finding, whatever sticks out: an edit moves elements."""
    text = f"the page is wider than a screen of {wide.width} pixels: {wide.selector} sticks out by {wide.excess}"
    evidence = _evidence(wide.selector, wide.box)
    if wide.width < _PHONE:
        return _hint(page, "narrow screens", "page", text, evidence)
    return Finding(check="width", page=page.path, subject="page", text=text, evidence=evidence)


def _hint(page: PageObservation, check: str, subject: str, text: str, evidence: Evidence | None = None) -> Finding:
    return Finding(check=check, page=page.path, subject=subject, text=text, weight=Weight.HINT, evidence=evidence)


def _at(heading: AuditedHeading) -> Evidence:
    return _evidence(heading.selector, heading.box)


def _evidence(selector: Selector, box: Box) -> Evidence:
    return Evidence(selector=selector, box=box)


def _kilobytes(size: int) -> str:
    return f"{round(size / _KILOBYTE):,}"
