"""Judges a version: compares its findings with the versions before and makes its checks; does no I/O.

A new finding fails its check. An old one is a warning that says since when, so that an old fault never blocks an edit.
But a page that visitors miss fails until it is back, or until somebody publishes the site without it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from daemons.worker.checks.finding import MORE, Finding, FindingIdentity, Weight
from shared.domain.check_rules import USUAL_RULES, CheckRules, Severity
from shared.domain.manifest import Check, CheckStatus
from shared.domain.vocabulary import Record, VersionNumber

_FINDINGS_LIMIT = 20
ALWAYS = ("home page", "pages", "console", "requests", "links", "images", "alternative text", "width")


class DatedFinding(Record):
    """A finding of a version; `since` is the first version that had it, `failed` says whether it fails the check.

    One that `may_be_older` was not looked for in the versions before that.
    """

    finding: Finding
    since: VersionNumber
    failed: bool
    may_be_older: bool = False


@dataclass(frozen=True)
class Reference:
    """A version to compare with: for each of its findings, since when it has it and whether it failed.

    A version without a report only lists sentences in its manifest, and whether their check failed. What is `undated`
    may be older than that.
    """

    number: int
    findings: Mapping[FindingIdentity, tuple[int, bool]]
    listed: Mapping[tuple[str, str], bool] = field(default_factory=dict[tuple[str, str], bool])
    is_live: bool = False
    undated: frozenset[FindingIdentity] = frozenset()

    def past(self, finding: Finding) -> tuple[int, bool] | None:
        """Since when this version had the finding, and whether it failed; None if it did not have it."""
        listed = self.listed.get((finding.check, sentence(finding)))
        return self.findings.get(finding.identity, None if listed is None else (self.number, listed))


def compare(
    findings: Iterable[Finding],
    references: Sequence[Reference],
    number: int,
    *,
    is_base_line: bool,
    rules: CheckRules = USUAL_RULES,
) -> tuple[DatedFinding, ...]:
    """Date each finding of version `number` and decide whether it fails; on a base line (an import) none does."""
    return tuple(
        _with_past(finding, references, number, is_harmless=is_base_line or not _blocks(finding, rules))
        for finding in findings
    )


def _blocks(finding: Finding, rules: CheckRules) -> bool:
    """Whether it fails its check if it is new."""
    if finding.weight in (Weight.GRAVE, Weight.UNKNOWN):
        return finding.weight is Weight.GRAVE
    severity = rules.severity(finding.check)
    return severity is Severity.BLOCK if severity else finding.weight is Weight.FAULT


def _with_past(finding: Finding, references: Sequence[Reference], number: int, *, is_harmless: bool) -> DatedFinding:
    past = [(one.is_live, *found) for one in references if (found := one.past(finding))]
    accepted = any(is_live or not failed or finding.weight is not Weight.GRAVE for is_live, _, failed in past)
    since = min((since for _, since, _ in past), default=number)
    is_undated = any(finding.identity in one.undated for one in references)
    failed = not (is_harmless or accepted)
    return DatedFinding(finding=finding, since=since, failed=failed, may_be_older=is_undated)


def verdict(dated: Sequence[DatedFinding], number: int, rules: CheckRules = USUAL_RULES) -> tuple[Check, ...]:
    """The checks of version `number`: those that are always made, and others that found something."""
    names = dict.fromkeys((*ALWAYS, *(one.finding.check for one in dated)))
    return tuple(
        _check(name, [one for one in dated if one.finding.check == name], number, rules.severity(name))
        for name in names
    )


def _check(name: str, dated: list[DatedFinding], number: int, severity: Severity | None) -> Check:
    """One check; findings that failed come first, old ones last."""
    ordered = sorted(dated, key=lambda one: (not one.failed, one.since != number))
    shown = [_dated(one, number) for one in ordered if _has_words(one.finding)][:_FINDINGS_LIMIT]
    more = sum(one.finding.count for one in dated) - len(shown)
    findings = (*shown, f"and {more} more") if more else tuple(shown)
    return Check(name=name, status=_status(dated, severity), findings=findings)


def _has_words(finding: Finding) -> bool:
    return finding.subject != MORE or finding.weight is Weight.UNKNOWN


def _status(dated: list[DatedFinding], severity: Severity | None) -> CheckStatus:
    if any(one.failed for one in dated):
        return CheckStatus.FAILED
    told = [one for one in dated if severity is not Severity.INFO or one.finding.weight is Weight.UNKNOWN]
    return CheckStatus.WARNING if told else CheckStatus.PASSED


def sentence(finding: Finding) -> str:
    """A finding as people read it."""
    return f"{finding.page}: {finding.text}" if finding.page else finding.text


def _dated(dated: DatedFinding, number: int) -> str:
    """The sentence, with the first version that had the finding if it is old."""
    if dated.finding.weight is Weight.UNKNOWN:
        return f"Not checked: {sentence(dated.finding)}"
    is_new = dated.since == number and not dated.may_be_older
    if is_new or dated.finding.check == "other sites":
        return sentence(dated.finding)
    return f"{_past(dated)} in version {dated.since}: {sentence(dated.finding)}"


def _past(dated: DatedFinding) -> str:
    if dated.may_be_older:
        return "at the latest"
    return "still as" if dated.failed else "already"
