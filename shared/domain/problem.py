"""Reads the findings of a version's checks as problems with an identity: check, page, element and address; pure.

The sentences are those of every release so far. Counts and positions, which an edit moves, are in no identity.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from shared.domain.manifest import Check, CheckStatus
from shared.domain.vocabulary import Record, VersionNumber

Identity = tuple[str, str, str, str]

# What these find is broken for visitors. Others only advise, unless they failed.
_FAULTS = frozenset(
    ("home page", "pages", "console", "requests", "links", "images", "content", "alternative text", "width")
)
_SINCE = re.compile(r"^(already|still as|at the latest) in version ([0-9]+): ")
_LATEST = "at the latest"
_NOT_CHECKED = "Not checked: "
_UNSEEN_CHECK = "coverage"
_SHAPES = (
    re.compile(
        r"(?P<page>.+?): the (?P<element>link|image|address|picture) (?P<address>.+?) "
        r"(?:leads |is relative: |has no description: ).*",
        re.DOTALL,
    ),
    re.compile(r"(?P<page>.+?): the (?P<element>page) is wider than a screen of .*", re.DOTALL),
    re.compile(r"(?P<page>.+?): (?P<address>.+) could not be loaded", re.DOTALL),
    re.compile(r"(?P<page>.+?): nearly all of its (?P<element>text) is gone: .*"),
    re.compile(r"(?P<page>[^:]+\.[A-Za-z0-9]+): (?P<address>.*)", re.DOTALL),
)
_POSITION = re.compile(r"\b(?:line|column|position|offset) [0-9]+|:[0-9]+(?::[0-9]+)?\b")


class Problem(Record):
    """One thing that is broken. `since` is the first version that had it, null if it came with this one."""

    check: str
    page: str
    element: str
    address: str
    text: str
    since: VersionNumber | None = None

    @property
    def identity(self) -> Identity:
        return self.check, self.page, self.element, self.address


@dataclass(frozen=True)
class ProblemList:
    """The problems of a version that its record names, and by check how many more it only counts.

    `failed` are the identities of those by which a check failed, `undated` those that nobody looked for before.
    `unseen` are pages that were not looked at; with `is_partial` there may be others.
    """

    problems: tuple[Problem, ...]
    unlisted: Mapping[str, int]
    failed: frozenset[Identity]
    unseen: frozenset[str]
    is_partial: bool
    undated: frozenset[Identity] = frozenset()

    @cached_property
    def by_identity(self) -> dict[Identity, Problem]:
        return {problem.identity: problem for problem in self.problems}


def problems_of(checks: Sequence[Check]) -> ProblemList:
    """The problems in a version's checks."""
    faulty = [check for check in checks if check.status is not CheckStatus.PASSED and _is_of_faults(check)]
    read = [pair for check in faulty for pair in _read(check)]
    return ProblemList(
        problems=tuple({problem.identity: problem for problem, _ in read}.values()),
        unlisted={check.name: check.count - len(check.first(check.count)) for check in faulty},
        failed=frozenset(problem.identity for problem, failed in read if failed),
        unseen=frozenset(_split(text)[0] for check in checks for text in _not_checked(check)),
        is_partial=any(check.name == _UNSEEN_CHECK for check in checks),
        undated=frozenset(
            _problem(check.name, text, since).identity
            for check in faulty
            for text in check.findings
            if (since := _SINCE.match(text)) and since[1] == _LATEST
        ),
    )


def notes_of(checks: Sequence[Check]) -> tuple[Check, ...]:
    """What these checks say beside problems: advice, and what was not looked at."""
    told = [
        check.model_copy(update={"findings": tuple(map(_NOT_CHECKED.__add__, _not_checked(check)))})
        if _is_of_faults(check)
        else check
        for check in checks
        if check.status is not CheckStatus.PASSED
    ]
    return tuple(check.model_copy(update={"status": CheckStatus.WARNING}) for check in told if check.findings)


def without_since(finding: str) -> str:
    """A finding without the version that had it first."""
    return _SINCE.sub("", finding, count=1)


def _is_of_faults(check: Check) -> bool:
    return check.status is CheckStatus.FAILED or check.name in _FAULTS


def _read(check: Check) -> Iterator[tuple[Problem, bool]]:
    """Each problem of a check, and whether the check failed by it; one that failed and tells nothing is one itself."""
    has_failed = check.status is CheckStatus.FAILED
    if not check.findings and has_failed:
        text = f"The check {check.name} failed."
        yield Problem(check=check.name, page="", element="", address="", text=text), True
    for finding in check.first(check.count):
        if not finding.startswith(_NOT_CHECKED):
            since = _SINCE.match(finding)
            is_old = since is not None and since[1] in ("already", _LATEST)
            yield _problem(check.name, finding, since), has_failed and not is_old


def _problem(check: str, finding: str, since: re.Match[str] | None) -> Problem:
    text = finding[since.end() :] if since else finding
    page, element, address = _split(text)
    number = int(since[2]) if since else None
    return Problem(check=check, page=page, element=element, address=address, text=text, since=number)


def _split(text: str) -> tuple[str, str, str]:
    """Page, element and address of a sentence; what has no address is told apart by its words."""
    for shape in _SHAPES:
        if found := shape.fullmatch(text):
            parts = found.groupdict()
            address = parts.get("address") or ""
            is_message = shape is _SHAPES[-1]
            return parts["page"], parts.get("element") or "", _steady(address) if is_message else address
    return "", "", _steady(text)


def _steady(text: str) -> str:
    """A message without counts and positions."""
    return _POSITION.sub("#", text)


def _not_checked(check: Check) -> Iterator[str]:
    for finding in check.findings:
        if finding.startswith(_NOT_CHECKED):
            yield finding.removeprefix(_NOT_CHECKED)
