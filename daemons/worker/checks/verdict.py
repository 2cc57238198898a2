"""The verdict over a version: what was found, compared with the versions before, becomes checks; without any I/O.

What is new fails. What was there before is a warning that says since when, so that an old fault never hides an edit;
but a page that visitors miss fails until it is back or somebody publishes it like that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from daemons.worker.checks.findings import MORE, Finding, Identity, Weight
from shared.domain.manifest import Check, CheckStatus
from shared.domain.vocabulary import Record, VersionNumber

_FINDINGS_LIMIT = 20
ALWAYS = ("home page", "pages", "console", "requests", "links", "images")


class Told(Record):
    """A finding as a version tells it: `since` is the first version that had it; `failed` if it counts against it."""

    finding: Finding
    since: VersionNumber
    failed: bool


@dataclass(frozen=True)
class Reference:
    """A version to compare with, by what it told: since when, and whether it failed then.

    Of a version without a report only the sentences that its record lists are known, and whether their check failed.
    """

    number: int
    told: Mapping[Identity, tuple[int, bool]]
    listed: Mapping[tuple[str, str], bool] = field(default_factory=dict[tuple[str, str], bool])
    is_live: bool = False

    def past(self, finding: Finding) -> tuple[int, bool] | None:
        """Since when this version had it, and whether it failed; None if it had it not."""
        listed = self.listed.get((finding.check, sentence(finding)))
        return self.told.get(finding.identity, None if listed is None else (self.number, listed))


def compare(
    findings: Iterable[Finding], references: Sequence[Reference], number: int, *, is_base_line: bool
) -> tuple[Told, ...]:
    """Each finding of version `number` with its past; on a base line (an import) nothing fails."""
    return tuple(_with_past(finding, references, number, is_base_line) for finding in findings)


def _with_past(finding: Finding, references: Sequence[Reference], number: int, is_base_line: bool) -> Told:
    past = [(one.is_live, *found) for one in references if (found := one.past(finding))]
    harmless = is_base_line or finding.weight in (Weight.HINT, Weight.UNKNOWN)
    accepted = any(is_live or not failed or finding.weight is not Weight.GRAVE for is_live, _, failed in past)
    since = min((since for _, since, _ in past), default=number)
    return Told(finding=finding, since=since, failed=not (harmless or accepted))


def verdict(told: Sequence[Told], number: int) -> tuple[Check, ...]:
    """The checks of version `number`, a line for each that is always made or found something."""
    names = dict.fromkeys((*ALWAYS, *(one.finding.check for one in told)))
    return tuple(_check(name, [one for one in told if one.finding.check == name], number) for name in names)


def _check(name: str, told: list[Told], number: int) -> Check:
    """What failed comes first, what was there before last."""
    ordered = sorted(told, key=lambda one: (not one.failed, one.since != number))
    shown = [_dated(one, number) for one in ordered if _has_words(one.finding)][:_FINDINGS_LIMIT]
    more = sum(one.finding.count for one in told) - len(shown)
    findings = (*shown, f"and {more} more") if more else tuple(shown)
    return Check(name=name, status=_status(told), findings=findings)


def _has_words(finding: Finding) -> bool:
    return finding.subject != MORE or finding.weight is Weight.UNKNOWN


def _status(told: list[Told]) -> CheckStatus:
    if any(one.failed for one in told):
        return CheckStatus.FAILED
    return CheckStatus.WARNING if told else CheckStatus.PASSED


def sentence(finding: Finding) -> str:
    """A finding as people read it."""
    return f"{finding.page}: {finding.text}" if finding.page else finding.text


def _dated(told: Told, number: int) -> str:
    """The sentence, and since when it is so."""
    if told.finding.weight is Weight.UNKNOWN:
        return f"Not checked: {sentence(told.finding)}"
    if told.since == number or told.finding.check == "other sites":
        return sentence(told.finding)
    return f"{'still as' if told.failed else 'already'} in version {told.since}: {sentence(told.finding)}"
