"""What publishing changes is told version by version; what nobody asked for stands apart, once."""

from daemons.api.pages.publication_views import told_publication
from daemons.api.sites.version_steps import VersionSteps
from shared.domain.manifest import Blob, Check, CheckStatus, Manifest, visible_changes_entry
from shared.domain.problem import Problem, problems_of
from shared.domain.visible_changes import CHECK, UNASKED
from tests.support.manifests import version_of

FOOTER, HEADLINE = "index.html: Text in the footer: “2025” → “2026”", "index.html: Headline: “Vier” → “Offline”"


def compared(number: int, *changes: str, unasked: tuple[str, ...] = ()) -> Manifest:
    checks = [Check(name=CHECK, status=CheckStatus.PASSED, findings=changes)]
    if unasked:
        checks.append(Check(name=UNASKED, status=CheckStatus.FAILED, findings=unasked))
    entry = visible_changes_entry(Blob(sha256="0" * 64, size=9))
    return version_of(number, checks=tuple(checks), screenshots=(entry,))


def blocking(manifest: Manifest) -> tuple[Problem, ...]:
    return problems_of(manifest.checks).problems


def test_what_is_unasked_still_is_told_apart_and_not_again() -> None:
    later = compared(3, "Title of the page: “a” → “b”", unasked=(f"still as in version 2: {FOOTER}",))
    steps = VersionSteps(gained=(later, compared(2, FOOTER, HEADLINE, unasked=(FOOTER,))))
    told = told_publication(steps, blocking(later))
    assert [one.text for one in told.unasked.unasked] == ["Text in the footer: “2025” → “2026”"]
    assert [[one.text for one in step.told.all] for step in told.gained if step.told] == [
        ["Title of the page: “a” → “b”"],
        ["Headline: “Vier” → “Offline”"],
    ]
    assert (told.is_single, told.is_whole) == (False, True)


def test_what_is_kept_or_seen_by_visitors_already_is_one_change_among_others() -> None:
    told = told_publication(VersionSteps(gained=(compared(2, FOOTER, HEADLINE, unasked=(FOOTER,)),)), ())
    assert not told.unasked
    assert told.gained[0].told
    assert len(told.gained[0].told.named) == 2


def test_what_nobody_compared_is_not_known() -> None:
    told = told_publication(VersionSteps(lost=(version_of(2), version_of(1))), ())
    assert [(step.told, step.is_first) for step in told.lost] == [(None, False), (None, True)]
    assert not told.is_whole


def test_a_counted_change_is_not_whole() -> None:
    for missing in (compared(2, HEADLINE, "and 7 more"), compared(2)):
        assert not told_publication(VersionSteps(gained=(missing,)), ()).is_whole
