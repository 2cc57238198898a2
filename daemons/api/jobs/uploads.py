"""Files that people send for a request: kept for a day until a request names them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Protocol

from pydantic import Field
from sqlalchemy import delete, insert, select

from daemons.api.accounts.site_access import OwnedSite
from daemons.api.database.connection import Database
from daemons.api.database.tables import uploads
from shared.clients.storage import StorageClient
from shared.domain.attachment_kinds import HEAD_BYTES, USABLE, kind_of, why_not
from shared.domain.attachments import FILE_BYTES, AttachedFile, AttachedFiles, FileUse, check_together, shown_name
from shared.domain.errors import InvalidInput, TooLarge
from shared.domain.vocabulary import Digest, JobId, JobKind, JobRequest, Record, SiteName

_LIFE = timedelta(days=1)
_TYPE_CHARACTERS = 100


class SentFile(Protocol):
    """A file that a person sent, already whole on this machine."""

    async def read(self, size: int = -1) -> bytes:
        """Some of its bytes, or all."""
        ...


class KeptFile(Record):
    """A file whose bytes are in storage, as it came: what it really is nobody has looked at."""

    digest: Digest
    name: str
    type: str
    size: int


class Upload(Record):
    """A file that a request can name by `id` until a day is over; `type` is what the sender called it."""

    id: JobId
    site: SiteName
    name: str
    type: str
    size: int
    created_at: datetime


class Attachment(Record):
    """A file that a request names, and what it is for: `auto` lets the agent decide."""

    upload: JobId
    use: Annotated[
        FileUse, Field(description="look: for the agent only; site: for the site; auto: the agent decides.")
    ] = FileUse.AUTO


@dataclass(frozen=True)
class AttachedList:
    """The files of one request as its job carries them: the blob with their list, and their names."""

    upload: str
    names: tuple[str, ...]


async def keep_file(storage: StorageClient, sent: SentFile, name: str, declared: str) -> KeptFile:
    """Put a file's bytes into storage. Raises InvalidInput or TooLarge for one that no request can use."""
    name, data = shown_name(name), await sent.read()
    if not data:
        raise InvalidInput(f"{name} is empty.", "Attach another file.")
    if len(data) > FILE_BYTES:
        most = FILE_BYTES >> 20
        raise TooLarge(
            f"{name} has {len(data) / (1 << 20):,.1f} MiB; at most {most} MiB are allowed.", "Make it smaller."
        )
    if kind_of(data[:HEAD_BYTES]) is None:
        raise InvalidInput(f"{name} can’t be used. {why_not(data[:HEAD_BYTES])}", USABLE)
    blob = await storage.put_blob(data)
    kind = "".join(filter(str.isprintable, declared))[:_TYPE_CHARACTERS]
    return KeptFile(digest=blob.sha256, name=name, type=kind, size=blob.size)


class Uploads:
    """Uploads of sites; every method raises Unavailable if storage is away."""

    def __init__(self, database: Database, storage: StorageClient) -> None:
        self._database = database
        self.storage = storage

    async def add(self, site: OwnedSite, kept: KeptFile, upload: str) -> Upload:
        """Let requests of the site name this file as `upload`; forget those that nobody named within a day."""
        now = datetime.now(UTC)
        row = {"id": upload, "site": site.name, "created_at": now, **kept.model_dump()}
        async with self._database.writing() as connection:
            await connection.execute(delete(uploads).where(uploads.c.created_at < now - _LIFE))
            await connection.execute(delete(uploads).where(uploads.c.id == upload))  # an attempt that could not answer
            await connection.execute(insert(uploads).values(row))
        return Upload(id=upload, site=site.name, name=kept.name, type=kept.type, size=kept.size, created_at=now)

    async def attach(self, site: OwnedSite, wanted: Sequence[Attachment]) -> AttachedList | None:
        """The list of these uploads, in storage; None if there are none.

        Raises InvalidInput for an upload that was never made for this site or is forgotten, and for too many; TooLarge.
        """
        if not wanted:
            return None
        rows = await self._rows(site, [one.upload for one in wanted])
        check_together([rows[one.upload].size for one in wanted])
        files = tuple(
            AttachedFile(upload=kept.digest, name=kept.name, size=kept.size, use=one.use)
            for one in wanted
            for kept in (rows[one.upload],)
        )
        blob = await self.storage.put_blob(AttachedFiles(files=files).model_dump_json().encode())
        return AttachedList(blob.sha256, tuple(file.name for file in files))

    async def _rows(self, site: OwnedSite, wanted: list[str]) -> dict[str, KeptFile]:
        since = datetime.now(UTC) - _LIFE
        known = uploads.c.id.in_(wanted), uploads.c.site == site.name, uploads.c.created_at >= since
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(uploads).where(*known))).mappings().all()
        found = {row["id"]: KeptFile(**{name: row[name] for name in KeptFile.model_fields}) for row in rows}
        if len(found) < len(set(wanted)):
            raise InvalidInput("An attached file is not here any more.", "Attach it again: files are kept for a day.")
        return found


def attached_to(request: JobRequest) -> AttachedList | None:
    """The files that a request for an edit names."""
    if request.kind is not JobKind.EDIT or not request.upload:
        return None
    return AttachedList(request.upload, tuple((request.upload_name or "").split("\n")))
