"""Makes one release: fetches a version, verifies it and writes it, or says in plain words why not."""

import asyncio
import logging
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path

from daemons.deployer.disk_space import DiskSpace, NoInodesLeft, room_for
from daemons.deployer.release_record import record_files
from daemons.deployer.site_directory import SiteDirectory
from shared.clients.storage import StorageClient
from shared.domain.archive import MOST_ARTIFACT_BYTES
from shared.domain.errors import PageWrightError, Unavailable
from shared.domain.manifest import Blob, Manifest
from shared.domain.served_release import ServedFile, check_blob, check_manifest, served_files
from shared.domain.signing import load_trusted_keys
from shared.runtime import metrics
from shared.runtime.backups import DISK_FULL
from shared.runtime.journal import log_context

_log = logging.getLogger(__name__)
_PARALLEL = 2  # each holds a whole site in memory
_ANSWER_SECONDS = 30.0  # for storage to send a version, plus one second per _BYTES_A_SECOND
_BYTES_A_SECOND = 1 << 20
_BY_ITSELF = "An operator has to free space there; then it goes live by itself."
_FEWER_FILES = "An operator has to delete files there, or give it more inodes; then it goes live by itself."
_LOOK = "An operator finds more there, in the journal of pagewright-deployer."


@dataclass(frozen=True)
class ReleaseFailure:
    """Why a release could not be made, and what to do about it."""

    reason: str
    hint: str


class Releaser:
    """Makes releases of storage's versions, a few at a time."""

    def __init__(
        self, storage: StorageClient, root: Path, trusted_keys: Path, answer_seconds: float = _ANSWER_SECONDS
    ) -> None:
        self._storage = storage
        self._root = root
        self._space = DiskSpace(root)
        self._trusted_keys = trusted_keys
        self._answer_seconds = answer_seconds
        self._turns = asyncio.Semaphore(_PARALLEL)
        self._spare_turn = asyncio.Lock()

    @property
    def has_spare_turn(self) -> bool:
        """Whether a version that is only looked at can be made now: one at a time, so that publishing never waits."""
        return not self._spare_turn.locked()

    async def release(
        self, directory: SiteDirectory, site: str, version: int, *, anew: bool, is_spare: bool = False
    ) -> ReleaseFailure | None:
        """Make the release; None if it is on disk now. A refused version changes nothing.

        Raises Unavailable if storage can't be reached, or is so slow that other sites would wait for this one.
        """
        with ExitStack() as context:
            context.enter_context(log_context(version=str(version)))
            async with self._spare_turn if is_spare else nullcontext(), self._turns:
                try:
                    async with asyncio.timeout(self._answer_seconds) as limit:
                        manifest = await self._storage.version(site, version)
                        context.enter_context(log_context(job=manifest.job))
                        limit.reschedule(self._deadline(manifest))
                        blobs = await self._fetch(manifest, site, version)
                    files = await asyncio.to_thread(_all_files, manifest, *blobs)
                    async with self._space.taken(await asyncio.to_thread(room_for, files, self._root)):
                        await asyncio.to_thread(directory.renew if anew else directory.release, version, files)
                except Unavailable:
                    raise
                except TimeoutError:
                    raise Unavailable("Storage does not send this version in time.", _LOOK) from None
                except OSError as error:  # go on with the plan: its removals may free space
                    _log.error("release failed: %s", error)
                    metrics.RELEASES.labels("failed").inc()
                    return disk_failure(error)
                except PageWrightError as error:
                    _log.error("release refused: %s", error.detail)
                    metrics.RELEASES.labels("refused").inc()
                    return ReleaseFailure(error.detail, _LOOK)
            _log.info("released anew" if anew else "released")
            metrics.RELEASES.labels("released").inc()
            return None

    def _deadline(self, manifest: Manifest) -> float:
        seconds = self._answer_seconds + (manifest.artifact.size + manifest.public.size) / _BYTES_A_SECOND
        return asyncio.get_running_loop().time() + seconds

    async def _fetch(self, manifest: Manifest, site: str, version: int) -> tuple[bytes, bytes]:
        """The artifact and the list of served files of a version that may be served."""
        check_manifest(manifest, site, version, load_trusted_keys(self._trusted_keys.read_text()))
        artifact = await self._blob("artifact", manifest.artifact)
        return artifact, await self._blob("list of served files", manifest.public)

    async def _blob(self, name: str, blob: Blob) -> bytes:
        data = await self._storage.get_blob(blob.sha256, min(blob.size, MOST_ARTIFACT_BYTES))
        await asyncio.to_thread(check_blob, name, blob, data)
        return data


def disk_failure(error: OSError) -> ReleaseFailure:
    """What a disk's error means for people; the path stays in the journal."""
    if isinstance(error, NoInodesLeft):
        return ReleaseFailure("Its disk can hold no more files.", _FEWER_FILES)
    if error.errno in DISK_FULL:
        return ReleaseFailure("Its disk is full.", _BY_ITSELF)
    return ReleaseFailure(f"Its disk can't be used ({error.strerror}).", _LOOK)


def _all_files(manifest: Manifest, artifact: bytes, listed: bytes) -> list[ServedFile]:
    """What the release consists of, its own record last."""
    files = served_files(artifact, listed, manifest.stamp)
    return [*files, *record_files(manifest, files)]
