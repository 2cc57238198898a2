"""Proves one site: numbers, signatures, order, and that bytes and their content have the signed digests."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

from daemons.storage.address_log import AddressLog
from daemons.storage.append_only_log import AppendOnlyLog
from daemons.storage.blobs import blob_path
from daemons.storage.deployment_log import DeploymentEntry
from daemons.storage.fences import Fences
from daemons.storage.stored_site import referenced_blobs
from daemons.storage.version_log import indexed_number
from shared.domain.errors import PageWrightError
from shared.domain.manifest import Blob, Manifest
from shared.domain.served_release import verified_files
from shared.domain.signing import TrustedKeys, verify_manifest
from shared.domain.site_address import SiteAddress, follows
from shared.domain.vocabulary import Deployment, Slot

T = TypeVar("T")


def site_names(directory: Path) -> list[str]:
    """The sites in a storage directory, by name."""
    return sorted(path.name for path in (directory / "sites").iterdir())


def check_site(directory: Path, site: str, trusted: TrustedKeys) -> list[str]:
    """What is wrong with one site, a sentence each."""
    check = _SiteCheck(directory, site, trusted)
    # Deployments first: a version that is committed meanwhile can't make an older deployment dangle.
    return [f"site {site}: {finding}" for finding in (*check.deployments(), *check.versions(), *check.addresses())]


class _SiteCheck:
    def __init__(self, directory: Path, site: str, trusted: TrustedKeys) -> None:
        self._blobs = directory / "blobs"
        self._directory = directory / "sites" / site
        self._site = site
        self._trusted = trusted

    def deployments(self) -> Iterator[str]:
        """The chain has no gap, each entry repeats what the other slots showed, and every version exists."""
        log = AppendOnlyLog(self._directory / "deployments", self._directory)
        last, standing = log.latest(), dict[Slot, Deployment]()
        versions = AppendOnlyLog(self._directory / "versions", self._directory).latest()
        for number in range(1, last + 1):
            entry = _attempt(partial(log.read_record, number, DeploymentEntry))
            if isinstance(entry, str):
                yield f"deployment {number}: {entry}"
                continue
            deployment = entry.deployment
            standing[deployment.slot] = deployment
            if (deployment.site, deployment.number) != (self._site, number) or entry.slots != standing:
                yield f"deployment {number}: it does not follow from the ones before it"
            if deployment.version and deployment.version > versions:
                yield f"deployment {number}: version {deployment.version} does not exist"

    def versions(self) -> Iterator[str]:
        """The chain has no gap and every version holds; so does what storage remembers beside it."""
        log = AppendOnlyLog(self._directory / "versions", self._directory)
        last, previous = log.latest(), None
        for number in range(1, last + 1):
            manifest = _attempt(partial(log.read_record, number, Manifest))
            if isinstance(manifest, str):
                yield f"version {number}: {manifest}"
                continue
            for finding in (*self._order(number, manifest, previous), *self._content(manifest)):
                yield f"version {number}: {finding}"
            if number < last and _attempt(partial(indexed_number, self._directory, manifest.job)) != number:
                yield f"version {number}: the index of jobs does not lead to it"
            previous = manifest
        yield from self._fence(previous.fence if previous else 0)

    def addresses(self) -> Iterator[str]:
        """The chain has no gap, and each record is what a move makes of the one before."""
        log, before = AddressLog(self._site, self._directory, self._directory).log, None
        for number in range(1, log.latest() + 1):
            record = _attempt(partial(log.read_record, number, SiteAddress))
            if isinstance(record, str):
                yield f"address {number}: {record}"
                continue
            if record.number != number or not follows(record, before, self._site):
                yield f"address {number}: it does not follow from the ones before it"
            before = record

    def _fence(self, used: int) -> Iterator[str]:
        fences = _attempt(partial(Fences, self._directory, self._directory))
        if isinstance(fences, str):
            yield f"its highest fence: {fences}"
        elif used > fences.highest:
            yield f"its highest fence is {fences.highest}, below {used} of its newest version"

    def _order(self, number: int, manifest: Manifest, previous: Manifest | None) -> Iterator[str]:
        fault = _attempt(partial(verify_manifest, manifest, self._trusted))
        if fault:
            yield fault
        if (manifest.site, manifest.number) != (self._site, number):
            yield "its manifest is another version's"
        if manifest.parent is not None and manifest.parent >= number:
            yield f"its parent is {manifest.parent}, which does not come before it"
        if previous and manifest.stamp <= previous.stamp:
            yield "its stamp is not above the one before it"
        if previous and manifest.fence < previous.fence:
            yield "its fence is below the one before it"

    def _content(self, manifest: Manifest) -> Iterator[str]:
        missing = [blob.sha256 for blob in referenced_blobs(manifest) if self._size(blob) != blob.size]
        yield from (f"blob {sha256} is missing or has another size" for sha256 in missing)
        if not {manifest.artifact.sha256, manifest.public.sha256} & set(missing):
            fault = _attempt(partial(self._compare, manifest))
            if fault:
                yield f"it can't be deployed: {fault}"

    def _compare(self, manifest: Manifest) -> None:
        """The deployer's own check of what it would serve."""
        verified_files(self._read(manifest.artifact), self._read(manifest.public), manifest.stamp)

    def _read(self, blob: Blob) -> bytes:
        return blob_path(self._blobs, blob.sha256).read_bytes()

    def _size(self, blob: Blob) -> int | None:
        path = blob_path(self._blobs, blob.sha256)
        return path.stat().st_size if path.exists() else None


def _attempt(work: Callable[[], T]) -> T | str:
    """The result, or what is wrong: the notes for operators if the error has some, else its sentence."""
    try:
        return work()
    except (PageWrightError, OSError) as error:
        return "; ".join(getattr(error, "__notes__", [])) or str(error)
