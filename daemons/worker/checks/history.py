"""Fetches the versions with which a version's checks are compared: its parent, the live one and the restored one."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from daemons.worker.base import Base
from daemons.worker.builders import BUILDERS
from daemons.worker.checks.finding import Finding
from daemons.worker.checks.report import LARGEST_BLOB, PageRecord, Report, decode_report
from daemons.worker.checks.verdict import Reference
from shared.clients.retry import retry
from shared.clients.storage import StorageClient
from shared.domain.check_rules import USUAL_RULES, CheckRules
from shared.domain.errors import PageWrightError
from shared.domain.manifest import CheckStatus, Manifest, Screenshot
from shared.domain.tree import Tree
from shared.domain.vocabulary import JobKind, JobRequest, SiteHead, Slot

_MOST_BEFORE = 64 << 20


@dataclass(frozen=True)
class CheckHistory:
    """The history of version `number`: versions to compare it with, its parent first, and what is known of its pages.

    `parent` is what the parent serves and `files` are the digests of that, by path. `has_report` is false if an older
    release made the parent: then its pages have to be looked at first. `rules` are what the site's owner says.
    """

    number: int
    references: tuple[Reference, ...] = ()
    records: Mapping[str, PageRecord] = field(default_factory=dict[str, PageRecord])
    pictures: tuple[Screenshot, ...] = ()
    is_base_line: bool = False
    has_report: bool = True
    parent: Tree = field(default_factory=dict[str, bytes])
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    rules: CheckRules = USUAL_RULES

    def with_parent_seen(self, found: Iterable[Finding], records: Mapping[str, PageRecord]) -> "CheckHistory":
        """The same after the browser has looked at the parent, which has these findings and pages."""
        parent, *others = self.references
        dated = {one.identity: parent.past(one) or (parent.number, False) for one in found}
        return replace(self, references=(replace(parent, findings=dated), *others), records=records, has_report=True)

    def with_blocks(self, pages: Mapping[str, str]) -> "CheckHistory":
        """The same with the blocks of these pages of the parent, by path as an observation holds them."""
        read = {path: self.records[path].with_blocks(blocks) for path, blocks in pages.items()}
        return replace(self, records={**self.records, **read})

    def changed_files(self, public: Tree) -> tuple[Tree, tuple[str, ...]]:
        """The parent's files that a version with these files changed or lacks, and the paths that it added.

        None of them if they are too many bytes to be looked at beside the version's own.
        """
        before = {path: data for path, data in self.parent.items() if public.get(path) != data}
        if sum(map(len, before.values())) > _MOST_BEFORE:
            return {}, tuple(public)
        return before, tuple(path for path in public if path not in self.parent)

    def with_existing_faults(self, found: Iterable[Finding]) -> "CheckHistory":
        """The same with these faults, too, as faults of the parent."""
        if not self.references:
            return self
        parent, *others = self.references
        dated = {one.identity: (parent.number, False) for one in found} | dict(parent.findings)
        return replace(self, references=(replace(parent, findings=dated), *others))

    def with_undated(self, found: Iterable[Finding]) -> "CheckHistory":
        """The same with these findings, which nobody looked for in the parent, as perhaps the parent's."""
        if not self.references:
            return self
        parent, *others = self.references
        new = {one.identity for one in found} - parent.findings.keys()
        dated = dict(parent.findings) | dict.fromkeys(new, (self.number, False))
        undated = replace(parent, findings=dated, undated=parent.undated | new)
        return replace(self, references=(undated, *others))


async def fetch_history(storage: StorageClient, request: JobRequest, head: SiteHead, base: Base) -> CheckHistory:
    """The history that the checks of the job's version need; a new site has none."""
    number = (head.latest or 0) + 1
    if not base.manifest:
        return CheckHistory(number, is_base_line=request.kind is JobKind.IMPORT)
    live = head.shown.get(Slot.CURRENT)
    manifests = {base.manifest.number: base.manifest}
    for other in (live, request.base if request.kind is JobKind.RESTORE else None):
        if other and other not in manifests:
            manifests[other] = await _manifest(storage, head.site, other)
    reports = {number: await _report(storage, manifest) for number, manifest in manifests.items()}
    own = reports[base.manifest.number]
    return CheckHistory(
        number=number,
        references=tuple(_reference(manifest, reports[number], live) for number, manifest in manifests.items()),
        records=own.records if own else {},
        pictures=base.manifest.pictures,
        has_report=own is not None,
        parent=BUILDERS[base.manifest.builder](base.source),
        files={file.path: file.sha256 for file in base.served.files} if base.served else {},
        rules=request.rules or USUAL_RULES,
    )


async def _manifest(storage: StorageClient, site: str, number: int) -> Manifest:
    return await retry(lambda: storage.version(site, number))


async def _report(storage: StorageClient, manifest: Manifest) -> Report | None:
    """The report of a version; None if it has none that can be read: then the browser looks at all pages again."""
    blob = manifest.report
    if not blob or blob.size > LARGEST_BLOB:
        return None
    try:
        data = await retry(lambda: storage.get_blob(blob.sha256, blob.size))
        return await asyncio.to_thread(decode_report, data)
    except PageWrightError:
        return None


def _reference(manifest: Manifest, report: Report | None, live: int | None) -> Reference:
    listed = {
        (check.name, finding): check.status is CheckStatus.FAILED
        for check in manifest.checks
        for finding in check.findings
    }
    past = report.past() if report else {}
    undated = report.undated() if report else frozenset()
    return Reference(manifest.number, past, {} if report else listed, manifest.number == live, undated)
