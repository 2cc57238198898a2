"""Sites as people use them: create from a template or an archive, look at one."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from daemons.api.accounts.accounts import Account
from daemons.api.accounts.audit import record_action
from daemons.api.accounts.site_access import OwnedSite, SiteRow, find_site, own_site
from daemons.api.database.connection import Database
from daemons.api.database.tables import sites
from daemons.api.jobs.jobs import Jobs
from daemons.api.jobs.rows import Job, find_job, insert_job, unfinished
from daemons.api.jobs.uploads import SentFile
from daemons.api.sites.free_names import free_names
from daemons.api.sites.plain_letters import title_columns
from daemons.api.sites.removed_rows import forget_requests
from daemons.api.sites.site_labels import claim_label
from daemons.api.sites.site_names import NameTaken
from daemons.api.sites.site_record import Site, site_from
from shared.clients.job_queue import JobQueue
from shared.clients.storage import StorageClient
from shared.domain.archive_kind import is_gzip, is_tar, is_zip, not_an_archive
from shared.domain.errors import Conflict, InvalidInput, NotFound
from shared.domain.site_templates import list_templates
from shared.domain.vocabulary import JobKind, JobRequest, Record

_log = logging.getLogger(__name__)
_NOT_REMOVED = {"removed_at": None, "removed_by": None, "gone_at": None, "address": None}


class SiteTemplate(Record):
    """A template that a new site can start from."""

    name: str
    title: str
    description: str


@dataclass(frozen=True)
class NewSite:
    """What a site is made of: a template, or else the archive in storage's blob `upload`, in its folder `root`.

    `group` is its owner's word for what it belongs to.
    """

    name: str
    title: str
    template: str | None = None
    upload: str | None = None
    upload_name: str | None = None
    root: str | None = None
    group: str | None = None


class Sites:
    """Everything about sites; raises NotFound for what the user may not see, Unavailable if a part is away."""

    def __init__(self, database: Database, queue: JobQueue, storage: StorageClient, jobs: Jobs, sites_url: str) -> None:
        self._database = database
        self._queue = queue
        self._storage = storage
        self._jobs = jobs
        self._sites_url = sites_url

    async def create(self, user: Account, new: NewSite, job: str) -> tuple[Site, Job]:
        """Make a site the user's own and ask for its version 1; `job` becomes that job's id.

        Raises InvalidInput for an unknown template, Conflict if the name is taken. A site of the user's that has no
        version and no unfinished job, because its creation failed, is simply created again.
        """
        if new.upload is None:
            _check_template(new.template)
        await self._queue.ping()
        unused = (await self._storage.head(new.name)).latest is None
        request = _creation(user, new, job)
        try:
            async with self._database.writing() as connection:
                if not await self._repeats(connection, request):
                    await _claim_name(connection, user, new, unused=unused)
                    await insert_job(connection, request)
                    await record_action(connection, user.email, f"site.{request.kind}", new.name, job=job)
        except (IntegrityError, NameTaken):
            raise NameTaken(new.name, await free_names(self._database, self._storage, user, new.name)) from None
        async with self._database.reading() as connection:
            site = await own_site(connection, user, new.name)
        return await self.show(site), await self._jobs.submit(request)

    async def create_again(self, site: OwnedSite, job: str) -> tuple[Site, Job]:
        """A site of the user's that has no version, from its template once more."""
        return await self.create(
            site.user, NewSite(site.name, site.row.title, site.row.template, group=site.row.group), job
        )

    async def import_again(self, site: OwnedSite, asked: JobRequest, root: str, job: str) -> tuple[Site, Job]:
        """The import `asked` once more, with the answer which folder is the site; its archive is in storage still."""
        upload, upload_name = asked.upload, asked.upload_name
        row = site.row
        new = NewSite(row.name, row.title, upload=upload, upload_name=upload_name, root=root, group=row.group)
        return await self.create(site.user, new, job)

    async def import_other(self, site: OwnedSite, upload: str, upload_name: str, job: str) -> tuple[Site, Job]:
        """Another archive for a site that has no version; raises Conflict if it has one, or is being made."""
        if (await self._storage.head(site.name)).latest is not None:
            raise Conflict(f"The site {site.name} has a version.", "Ask for what should be different.")
        row = site.row
        new = NewSite(row.name, row.title, upload=upload, upload_name=upload_name, group=row.group)
        return await self.create(site.user, new, job)

    async def keep_upload(self, upload: SentFile, name: str) -> str:
        """Put an archive into storage; gives its sha256. It becomes a site only by `create`. Raises InvalidInput."""
        data = await upload.read()
        if not data:
            raise InvalidInput("The archive is empty.", "Choose a .zip, .tar.gz or .tar of your site.")
        if not (is_zip(data) or is_gzip(data) or is_tar(data)):
            raise not_an_archive(data, name)
        return (await self._storage.put_blob(data)).sha256

    async def show(self, site: OwnedSite) -> Site:
        """One site."""
        return site_from(site.row, await self._storage.head(site.name), self._sites_url)

    async def _repeats(self, connection: AsyncConnection, request: JobRequest) -> bool:
        """Whether this very request was recorded before, by an attempt that did not live to answer."""
        found = await find_job(connection, request.id)
        return found is not None and found[1].site == request.site


def templates() -> list[SiteTemplate]:
    """The templates that there are, by name."""
    return [SiteTemplate(name=t.name, title=t.title, description=t.description) for t in list_templates()]


def template_picture(name: str) -> bytes:
    """A JPEG of the template's first page; raises NotFound."""
    picture = next((template.picture for template in list_templates() if template.name == name), None)
    if picture is None or not picture.exists():
        raise NotFound(f"There is no picture of a template {name[:60]!r}.", "List the templates.")
    return picture.read_bytes()


def _check_template(name: str | None) -> None:
    known = [template.name for template in list_templates()]
    if name not in known:
        raise InvalidInput(f"There is no template {(name or '')[:60]!r}.", f"Choose one of: {', '.join(known)}.")


async def _claim_name(connection: AsyncConnection, user: Account, new: NewSite, *, unused: bool) -> None:
    """Make the name the user's, if it is free or is theirs without any version."""
    row = await find_site(connection, new.name)
    if not unused or (row and not await _may_take(connection, user, row)):
        raise NameTaken(new.name)
    now = datetime.now(UTC)
    await claim_label(connection, new.name, new.name, now)
    values: dict[str, object] = {"template": new.template, "group_name": new.group, **title_columns(new.title)}
    values |= {"ended": None, "newest": 0, "published": 0}
    if row and row.gone_at:
        await forget_requests(connection, new.name)
        values |= {"owner_id": user.id, "created_at": now, "check_rules": None, **_NOT_REMOVED}
    if row:
        await connection.execute(update(sites).where(sites.c.name == new.name).values(values))
        return
    fixed = {"name": new.name, "owner_id": user.id, "created_at": now, "changed_at": now}
    await connection.execute(insert(sites).values(values | fixed))


async def _may_take(connection: AsyncConnection, user: Account, row: SiteRow) -> bool:
    """Whether a name without versions is free: one that is gone, or the user's own that nobody works on."""
    if row.removed_at:
        return row.gone_at is not None
    return row.owner_id == user.id and not await unfinished(connection, row.name)


def _creation(user: Account, new: NewSite, job: str) -> JobRequest:
    imported = new.upload is not None
    origin = f"the archive {new.upload_name}" if imported else f"the template {new.template}"
    return JobRequest(
        id=job,
        site=new.name,
        kind=JobKind.IMPORT if imported else JobKind.CREATE,
        message=f"Create the site “{new.title}” from {origin}.",
        author=user.email,
        template=new.template,
        title=new.title,
        upload=new.upload,
        upload_name=new.upload_name,
        root=new.root,
        created_at=datetime.now(UTC),
    )
