"""Faults of pages that nobody had looked at before, for want of time: if the page is as it was, they are old."""

from collections.abc import Mapping

from daemons.worker.checks.closure import closure
from daemons.worker.checks.findings import Finding, find
from daemons.worker.checks.observation import PageObservation
from shared.domain.manifest import Changes


def old_faults(
    seen: Mapping[str, PageObservation], files: Mapping[str, str], changes: Changes, browser: str
) -> tuple[Finding, ...]:
    """What would have been found in the version before, on those pages seen now that it had with all that they load.

    `files` are the site's with their digests, `changes` what happened to them since.
    """
    past = _before(files, changes)
    same = {path: page for path, page in seen.items() if _is_same(page, past, files, browser)}
    return tuple(finding for finding in find(same, past.keys(), {}) if finding.page in same)


def _before(files: Mapping[str, str], changes: Changes) -> dict[str, str]:
    """The files before, with a digest that no file has for what was another one."""
    added = {change.path for change in changes.added}
    others = {change.path: "another" for change in (*changes.modified, *changes.removed)}
    return {path: digest for path, digest in files.items() if path not in added} | others


def _is_same(page: PageObservation, past: Mapping[str, str], files: Mapping[str, str], browser: str) -> bool:
    return closure(page, past, browser) == closure(page, files, browser) != ""
