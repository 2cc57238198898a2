"""Stores the bytes of an edited, checked site, then makes the version's manifest, which refers to them."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from daemons.worker.base import Base
from daemons.worker.checks.run import Checked, Picture
from daemons.worker.job.editing import Edited
from daemons.worker.model_relay.model_queries import AgentUsage
from shared.clients.retry import retry
from shared.clients.storage import StorageClient
from shared.domain.archive import pack
from shared.domain.file_list import encode_file_list, public_files
from shared.domain.manifest import (
    Blob,
    Changes,
    Check,
    Manifest,
    Screenshot,
    Usage,
    report_entry,
    visible_changes_entry,
)
from shared.domain.served_release import served_files
from shared.domain.tree import Tree
from shared.domain.vocabulary import JobRequest, SiteHead


@dataclass(frozen=True)
class Package:
    """A version whose bytes are in storage and which is not committed yet."""

    artifact: Blob
    public: Blob
    screenshots: tuple[Screenshot, ...]
    checks: tuple[Check, ...]
    changes: Changes
    answer: str
    stamp: int


async def package_version(
    storage: StorageClient,
    head: SiteHead,
    *,
    base: Base,
    edited: Edited,
    public: Tree,
    changes: Changes,
    checked: Checked,
) -> Package:
    """Pack and store the version's bytes. Raises InvalidInput or TooLarge if they can't be deployed.

    The version's stamp is the time, or one second after the newest version's stamp if that is later.
    """
    stamp = max(int(time.time()), head.stamp + 1)
    artifact = await asyncio.to_thread(pack, edited.source, public)
    served = encode_file_list(public_files(public, base.served, stamp))
    await asyncio.to_thread(served_files, artifact, served, stamp)  # as every web host will do

    async def put(data: bytes) -> Blob:
        return await retry(lambda: storage.put_blob(data))

    async def keep(picture: Picture) -> Screenshot:
        return Screenshot(page=picture.page, viewport=picture.viewport, image=await put(picture.data))

    others = [checked.report, *([checked.changes.model_dump_json().encode()] if checked.changes else [])]
    stored, listed, (report, *told), pictures = await asyncio.gather(
        put(artifact), put(served), asyncio.gather(*map(put, others)), asyncio.gather(*map(keep, checked.pictures))
    )
    shots = (*checked.kept, *pictures, report_entry(report), *map(visible_changes_entry, told))
    return Package(stored, listed, shots, checked.checks, changes, edited.answer, stamp)


def record_version(
    request: JobRequest,
    head: SiteHead,
    *,
    base: Base,
    package: Package,
    facts: AgentUsage | None,
    fence: int,
    builder: str,
) -> Manifest:
    """The version's manifest, not yet signed."""
    return Manifest(
        site=request.site,
        number=(head.latest or 0) + 1,
        parent=base.number,
        job=request.id,
        kind=request.kind,
        message=request.message,
        author=request.author,
        answer=package.answer,
        agent=facts.agent if facts else None,
        model=facts.model if facts else None,
        usage=facts.usage if facts else Usage(),
        files=package.changes,
        public=package.public,
        builder=builder,
        checks=package.checks,
        screenshots=package.screenshots,
        artifact=package.artifact,
        fence=fence,
        stamp=package.stamp,
        created_at=datetime.now(UTC),
    )
