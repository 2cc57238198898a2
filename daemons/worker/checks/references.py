"""Fetches what a version's checks are compared with: the reports of its parent, the live and the restored version."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from daemons.worker.base import Base
from daemons.worker.builders import BUILDERS
from daemons.worker.checks.findings import Finding
from daemons.worker.checks.report import LARGEST_BLOB, PageRecord, Report, decode_report
from daemons.worker.checks.verdict import Reference
from shared.clients.retry import retry
from shared.clients.storage import StorageClient
from shared.domain.errors import PageWrightError
from shared.domain.manifest import CheckStatus, Manifest, Screenshot
from shared.domain.tree import Tree
from shared.domain.vocabulary import JobKind, JobRequest, SiteHead, Slot


@dataclass(frozen=True)
class Before:
    """The past of version `number`: versions to compare it with, its parent first, and its parent's pages as known.

    `unknown` is what the parent serves if nothing is known of it, because an older release made it.
    """

    number: int
    references: tuple[Reference, ...] = ()
    records: Mapping[str, PageRecord] = field(default_factory=dict[str, PageRecord])
    pictures: tuple[Screenshot, ...] = ()
    is_base_line: bool = False
    unknown: Tree | None = None

    def known(self, found: Iterable[Finding], records: Mapping[str, PageRecord]) -> "Before":
        """The same once somebody has looked at the parent: what is found there is old."""
        parent, *others = self.references
        told = {one.identity: parent.past(one) or (parent.number, False) for one in found}
        return replace(self, references=(replace(parent, told=told), *others), records=records, unknown=None)

    def having(self, found: Iterable[Finding]) -> "Before":
        """The same when its parent is known to have had these faults, too."""
        if not self.references:
            return self
        parent, *others = self.references
        told = {one.identity: (parent.number, False) for one in found} | dict(parent.told)
        return replace(self, references=(replace(parent, told=told), *others))


async def fetch_before(storage: StorageClient, request: JobRequest, head: SiteHead, base: Base) -> Before:
    """Everything that the checks of the job's version have to know; an import has no past."""
    number = (head.latest or 0) + 1
    if not base.manifest:
        return Before(number, is_base_line=request.kind is JobKind.IMPORT)
    current = head.slots.get(Slot.CURRENT)
    live = current.version if current else None
    manifests = {base.manifest.number: base.manifest}
    for other in (live, request.base if request.kind is JobKind.RESTORE else None):
        if other and other not in manifests:
            manifests[other] = await _manifest(storage, head.site, other)
    reports = {number: await _report(storage, manifest) for number, manifest in manifests.items()}
    own = reports[base.manifest.number]
    return Before(
        number=number,
        references=tuple(_reference(manifest, reports[number], live) for number, manifest in manifests.items()),
        records=own.records if own else {},
        pictures=base.manifest.pictures,
        unknown=None if own else BUILDERS[base.manifest.builder](base.source),
    )


async def _manifest(storage: StorageClient, site: str, number: int) -> Manifest:
    return await retry(lambda: storage.version(site, number))


async def _report(storage: StorageClient, manifest: Manifest) -> Report | None:
    """The report of a version; None if it has none, or one that can't be read: then all is looked at again."""
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
    return Reference(manifest.number, past, {} if report else listed, is_live=manifest.number == live)
