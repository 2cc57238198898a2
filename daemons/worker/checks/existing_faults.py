"""Finds faults that are older than they look: on pages seen for the first time that are as they were before."""

from collections.abc import Mapping

from daemons.worker.checks.audit_findings import audit_findings
from daemons.worker.checks.closure import closure
from daemons.worker.checks.finding import Finding
from daemons.worker.checks.findings import find
from daemons.worker.checks.observation import PageObservation
from daemons.worker.checks.report import PageRecord
from shared.domain.check_rules import USUAL_KILOBYTES
from shared.domain.manifest import Changes


def existing_faults(
    seen: Mapping[str, PageObservation],
    files: Mapping[str, str],
    changes: Changes,
    browser: str,
    page_kilobytes: int = USUAL_KILOBYTES,
) -> tuple[Finding, ...]:
    """The findings that the version before had already, on pages of `seen` that have the same closure in both.

    `files` are the site's with their digests, `changes` are those since the version before.
    """
    past = _before(files, changes)
    same = {path: page for path, page in seen.items() if _is_same(page, past, files, browser)}
    found = find(same, past.keys(), {}, page_kilobytes=page_kilobytes)
    return tuple(finding for finding in found if finding.page in same)


def unaudited_faults(seen: Mapping[str, PageObservation], records: Mapping[str, PageRecord]) -> tuple[Finding, ...]:
    """What the audit finds on pages of `seen` that were looked at before, but not audited: perhaps it is not new."""
    pages = [page for path, page in seen.items() if path in records and not records[path].is_audited]
    return tuple(finding for page in pages for finding in audit_findings(page, frozenset()))


def _before(files: Mapping[str, str], changes: Changes) -> dict[str, str]:
    """The files of the version before; a changed or removed one has a digest that no file can have."""
    added = {change.path for change in changes.added}
    others = {change.path: "another" for change in (*changes.modified, *changes.removed)}
    return {path: digest for path, digest in files.items() if path not in added} | others


def _is_same(page: PageObservation, past: Mapping[str, str], files: Mapping[str, str], browser: str) -> bool:
    return closure(page, past, browser) == closure(page, files, browser) != ""
