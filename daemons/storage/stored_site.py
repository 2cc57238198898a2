"""One site in storage: the conditions of a claim, a commit and a deployment, and the order of their checks."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from daemons.storage.address_log import AddressLog
from daemons.storage.blobs import Blobs
from daemons.storage.checksummed_file import damaged
from daemons.storage.deployment_log import DeploymentLog
from daemons.storage.fences import FenceClaim, Fences
from daemons.storage.version_log import VersionLog
from shared.domain.desired_version import DesiredVersion, home_page
from shared.domain.errors import Conflict, PageWrightError
from shared.domain.file_list import decode_file_list
from shared.domain.kept_version import kept_by
from shared.domain.manifest import Blob, Manifest
from shared.domain.problem_changes import require_publishable
from shared.domain.signing import manifest_digest
from shared.domain.vocabulary import Deployment, Record, ShownVersion, SiteHead, SiteNews, Slot


class DeploymentRequest(Record):
    """Which version a slot shall show, and who wants that; without one visitors shall see nothing."""

    slot: Slot
    version: ShownVersion
    by: Annotated[str, StringConstraints(min_length=1, max_length=200)]

    @model_validator(mode="after")
    def _shows_something(self) -> Self:
        if self.version is None and self.slot is not Slot.CURRENT:
            raise ValueError(f"only {Slot.CURRENT} can show nothing")
        return self


class DesiredRequest(DeploymentRequest):
    """What a person wants; `expected` is the version that they saw in the slot, 0 for none."""

    accept_failed_checks: bool = False
    expected: Annotated[int | None, Field(ge=0, lt=2**53)] = None


class StoredSite:
    """A site's directory and its records in memory; one thread writes at a time, any may read."""

    def __init__(self, name: str, directory: Path, incoming: Path) -> None:
        self.name = name
        self.fences = Fences(directory, incoming)
        self.versions = VersionLog(directory, incoming)
        self.deployments = DeploymentLog(name, directory, incoming)
        self.addresses = AddressLog(name, directory, incoming)
        self._digests: dict[int, str] = {}
        if self.versions.newest.number and not self.fences.highest:
            raise damaged(directory / "fence", "it is missing, though the site has versions")
        for slot, version in self.head().shown.items():
            if version > self.versions.newest.number:
                raise damaged(self.versions.log.path(version), f"it is missing, though {slot} shows it")

    def head(self) -> SiteHead:
        newest = self.versions.newest
        return SiteHead(
            site=self.name,
            latest=newest.number or None,
            stamp=newest.stamp,
            fence=self.fences.highest,
            slots=self.deployments.slots,
        )

    def claim(self, claim: FenceClaim) -> SiteHead:
        """Remember a claim; raises StaleFence."""
        self.fences.take(claim)
        return self.head()

    def commit(self, manifest: Manifest, content: bytes, blobs: Blobs) -> tuple[bytes, bool]:
        """Make a manifest the newest version and return its bytes and True.

        If the job has made a version already, return its bytes and False under any fence: the job is done. Raises
        StaleFence or Conflict.
        """
        made = self.versions.number_of_job(manifest.job)
        if made is not None:
            return self.versions.read(made), False
        self.fences.require(manifest.fence)
        self.versions.check_next(manifest)
        for blob in referenced_blobs(manifest):
            _require_blob(blob, blobs)
        self.versions.append(manifest, content)
        self._remember(manifest)
        return content, True

    def deploy(
        self, slot: Slot, version: int | None, by: str, fence: int | None, expected: int | None
    ) -> tuple[Deployment, bool]:
        """Point a slot at a version, or at nothing; a `fence` must be the highest. False: it shows that already.

        Raises Conflict if the slot shows another version than the `expected` one (0: none).
        """
        if fence is not None:
            self.fences.require(fence)
        if version is not None:
            self.versions.require(version)
        return self.deployments.append(slot, version, by, expected)

    def desire(self, asked: DesiredRequest, blobs: Blobs) -> DesiredVersion:
        """Point a slot at a version for a person, or at nothing, and tell what web hosts show then.

        Raises NotFound for an unknown version; Conflict for one with problems that are new for visitors, unless they
        are accepted, and as `deploy`. Nothing is recorded then, nor if the version's record or its list of files can't
        be read.
        """
        before = self.deployments.slots.get(asked.slot)
        if asked.version is None:
            deployment, _ = self.deployments.append(asked.slot, None, asked.by, asked.expected)
            return DesiredVersion(deployment=deployment, before=before, manifest=None)
        manifest = self.versions.manifest(asked.version)
        if not asked.accept_failed_checks:
            require_publishable(manifest, self._live, is_kept=bool(kept_by(self.head(), asked.version)))
        is_public = asked.slot is Slot.CURRENT
        home = home_page(decode_file_list(blobs.read(manifest.public))) if is_public else None
        deployment, _ = self.deployments.append(asked.slot, asked.version, asked.by, asked.expected)
        return DesiredVersion(deployment=deployment, before=before, manifest=self._remember(manifest), home=home)

    def _live(self) -> Manifest | None:
        """The version that visitors are to see; None if none is, or its record can't be read."""
        live = self.head().shown.get(Slot.CURRENT)
        with suppress(PageWrightError):
            return self.versions.manifest(live) if live else None
        return None

    def news(self) -> SiteNews:
        """What a deployer does with this site without asking for more; reads nothing."""
        head = self.head()
        known = {number: digest for number, digest in self._digests.items() if number in head.shown.values()}
        return SiteNews(head=head, manifests=known)

    def _remember(self, manifest: Manifest) -> str:
        """The digest of a manifest that a slot shows or may show next; those that no slot shows are forgotten."""
        digest, wanted = manifest_digest(manifest), {*self.head().shown.values()}
        kept = {number: known for number, known in self._digests.items() if number in wanted}
        self._digests = {**kept, manifest.number: digest}
        return digest


def referenced_blobs(manifest: Manifest) -> tuple[Blob, ...]:
    """Every blob that a version needs."""
    return (manifest.artifact, manifest.public, *(screenshot.image for screenshot in manifest.screenshots))


def _require_blob(blob: Blob, blobs: Blobs) -> None:
    size = blobs.size(blob.sha256)
    if size != blob.size:
        state = "is not stored" if size is None else f"has {size} bytes, not {blob.size}"
        raise Conflict(f"The blob {blob.sha256} {state}.", "Upload the version's blobs before its manifest.")
