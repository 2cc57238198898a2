"""The routes of storage: who may ask what, and how each answer is written."""

import json
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from daemons.storage import inputs
from daemons.storage.address_book import AddressBook
from daemons.storage.bearer_auth import BearerAuth, ServiceRole
from daemons.storage.blobs import BLOB_LIMIT
from daemons.storage.directory import Directory, disk_error
from daemons.storage.overview import overview_parts
from daemons.storage.site_summaries import summaries_of
from daemons.storage.stored_site import StoredSite
from shared.domain.errors import InvalidInput, NotAllowed, NotFound, TooLarge
from shared.domain.vocabulary import Record, Slot
from shared.runtime import metrics
from shared.runtime.web import http_app, limited_body

_MOST_NEWS = 100  # in one answer; a deployer asks for the others one by one


class BlobResponse(FileResponse):
    """A file in pieces that are worth a thread each."""

    chunk_size = 1 << 20


def storage_app(directory: Directory, auth: BearerAuth, backups: Path | None) -> Starlette:
    """The application for one directory; `backups` is the folder of its backups, if that is known."""
    return http_app(_Handlers(directory, auth, backups).routes())


class _Handlers:
    def __init__(self, directory: Directory, auth: BearerAuth, backups: Path | None) -> None:
        self._directory = directory
        self._addresses = AddressBook(directory)
        self._backups = backups
        self._admit = auth.admit

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/v1/blobs/{sha256}", self.put_blob, methods=["PUT"]),
            Route("/v1/blobs/{sha256}", self.get_blob),
            Route("/v1/sites", self.list_sites),
            Route("/v1/heads", self.get_heads),
            Route("/v1/sites/{site}", self.get_site),
            Route("/v1/sites/{site}/overview", self.get_overview),
            Route("/v1/sites/{site}/claims", self.post_claim, methods=["POST"]),
            Route("/v1/sites/{site}/versions", self.post_version, methods=["POST"]),
            Route("/v1/sites/{site}/versions", self.list_versions),
            Route("/v1/sites/{site}/versions/{number}", self.get_version),
            Route("/v1/sites/{site}/jobs/{job}", self.get_job),
            Route("/v1/sites/{site}/deployments", self.post_deployment, methods=["POST"]),
            Route("/v1/sites/{site}/deployments", self.list_deployments),
            Route("/v1/sites/{site}/desired", self.post_desired, methods=["POST"]),
            Route("/v1/sites/{site}/wishes", self.post_wish, methods=["POST"]),
            Route("/v1/sites/{site}/addresses", self.post_address, methods=["POST"]),
            Route("/v1/addresses", self.list_addresses),
            Route("/v1/changes", self.get_changes),
            Route("/v1/status", self.get_status),
        ]

    async def put_blob(self, request: Request) -> Response:
        self._admit(request, ServiceRole.WORKER, ServiceRole.API)
        sha256, size = inputs.path_part(request, "sha256"), inputs.promised_size(request)
        if size is not None and size > BLOB_LIMIT:
            raise TooLarge(f"A blob has at most {BLOB_LIMIT >> 20} MiB.", "Send less.")
        try:
            blob, new = await self._directory.blobs.receive(sha256, size, limited_body(request, BLOB_LIMIT))
        except OSError as error:
            raise disk_error(error) from error
        except ClientDisconnect:
            raise InvalidInput("The upload ended before all its bytes had come.", "Send it again.") from None
        metrics.BLOB_BYTES.labels("in").inc(blob.size)
        if new:
            metrics.STORED.labels("blob").inc()
        return _record(blob, new=new)

    async def get_blob(self, request: Request) -> Response:
        self._admit(request)
        sha256 = inputs.path_part(request, "sha256")
        path, status = await to_thread.run_sync(self._directory.blobs.find, sha256)
        if request.method == "GET":
            metrics.BLOB_BYTES.labels("out").inc(status.st_size)
        headers = {"ETag": f'"{sha256}"', "Cache-Control": "private, immutable"}
        return BlobResponse(path, 200, headers, "application/octet-stream", stat_result=status)

    async def list_sites(self, request: Request) -> Response:
        self._admit(request)
        after = request.query_params.get("after", "")
        heads, following = await self._directory.heads(after, inputs.page_limit(request))
        return _page(map(_json, heads), following)

    async def get_site(self, request: Request) -> Response:
        self._admit(request)
        return _record((await self._site(request)).head())

    async def get_heads(self, request: Request) -> Response:
        self._admit(request)
        return _record(await summaries_of(self._directory, inputs.site_names(request)))

    async def get_overview(self, request: Request) -> Response:
        self._admit(request)
        limit, numbers = inputs.page_limit(request), inputs.version_numbers(request)
        told = partial(overview_parts, with_published=inputs.wants_published(request))
        parts = await to_thread.run_sync(told, await self._site(request), limit, numbers)
        body = b",".join(b'"%s":%s' % (name.encode(), value) for name, value in parts.items())
        return Response(b"{" + body + b"}", media_type="application/json")

    async def post_claim(self, request: Request) -> Response:
        self._admit(request, ServiceRole.WORKER)
        site, claim = inputs.path_part(request, "site"), await inputs.claim_body(request)
        job = inputs.announced_job(request)
        head = await self._directory.claim(site, claim)
        if job is None:  # a worker of the release before
            return _record(head)
        made = await to_thread.run_sync((await self._site(request)).versions.of_job, job)
        return Response(b'{"head":%s,"made":%s}' % (_json(head), made or b"null"), media_type="application/json")

    async def post_version(self, request: Request) -> Response:
        self._admit(request, ServiceRole.WORKER)
        manifest, content = await inputs.manifest_body(request)
        stored, new = await self._directory.commit(manifest, content)
        return Response(stored, 201 if new else 200, media_type="application/json")

    async def list_versions(self, request: Request) -> Response:
        self._admit(request)
        versions = (await self._site(request)).versions
        return _page(*await to_thread.run_sync(versions.page, *inputs.page_window(request)))

    async def get_version(self, request: Request) -> Response:
        self._admit(request)
        number = inputs.path_number(request)
        manifest = await to_thread.run_sync((await self._site(request)).versions.read, number)
        return Response(manifest, media_type="application/json")

    async def get_job(self, request: Request) -> Response:
        self._admit(request)
        job, versions = inputs.path_part(request, "job"), (await self._site(request)).versions
        made = await to_thread.run_sync(versions.of_job, job)
        if made is None:
            raise NotFound("This job made no version of this site.")
        return Response(made, media_type="application/json")

    async def post_deployment(self, request: Request) -> Response:
        role = self._admit(request, ServiceRole.WORKER, ServiceRole.API)
        site, desired = inputs.path_part(request, "site"), await inputs.deployment_body(request)
        fence = inputs.fence_header(request) if role is ServiceRole.WORKER else None
        if role is ServiceRole.WORKER and desired.slot is not Slot.PREVIEW:
            raise NotAllowed("A worker may only deploy to preview.", "A person publishes, through the api.")
        expected = inputs.expected_header(request)
        deployment, new = await self._directory.deploy(site, desired.slot, desired.version, desired.by, fence, expected)
        return _record(deployment, new=new)

    async def post_desired(self, request: Request) -> Response:
        self._admit(request, ServiceRole.API)
        site, asked = inputs.path_part(request, "site"), await inputs.desired_body(request)
        desired = await self._directory.desire(site, asked)
        return _record(desired, new=desired.is_new)

    async def list_deployments(self, request: Request) -> Response:
        self._admit(request)
        deployments = (await self._site(request)).deployments
        items, following = await to_thread.run_sync(deployments.page, *inputs.page_window(request))
        return _page(map(_json, items), following)

    async def post_wish(self, request: Request) -> Response:
        self._admit(request, ServiceRole.API)
        site, wish = inputs.path_part(request, "site"), await inputs.wish_body(request)
        await self._directory.wish(site, wish.version, is_missing=wish.is_missing)
        return Response(status_code=204)

    async def post_address(self, request: Request) -> Response:
        self._admit(request, ServiceRole.API)
        site, asked = inputs.path_part(request, "site"), await inputs.move_body(request)
        record, new = await self._addresses.move(site, asked)
        return _record(record, new=new)

    async def list_addresses(self, request: Request) -> Response:
        self._admit(request)
        known, listed = inputs.known_digest(request), await self._addresses.list()
        return Response(status_code=204) if known == listed.digest else _record(listed)

    async def get_changes(self, request: Request) -> Response:
        self._admit(request)
        cursor = request.query_params.get("since", "")
        changed = await self._directory.changes.since(cursor, inputs.wait_seconds(request))
        if inputs.wants_news(request):
            news = self._directory.news(changed.sites[:_MOST_NEWS])
            changed = changed.model_copy(update={"news": news})
        if inputs.wants_wishes(request):
            changed = changed.model_copy(update={"wished": self._directory.wished(cursor)})
        if inputs.wants_moves(request):
            changed = changed.model_copy(update={"moved": self._directory.changes.moved(cursor)})
        return _record(changed)

    async def get_status(self, request: Request) -> Response:
        self._admit(request, ServiceRole.API)
        return _record(await to_thread.run_sync(self._directory.status, self._backups))

    async def _site(self, request: Request) -> StoredSite:
        return await self._directory.site(inputs.path_part(request, "site"))


def _json(record: Record) -> bytes:
    return record.model_dump_json().encode()


def _record(record: Record, *, new: bool = False) -> Response:
    return Response(_json(record), 201 if new else 200, media_type="application/json")


def _page(items: Iterable[bytes], following: int | str | None) -> Response:
    """A page of items that are JSON already: a manifest is never parsed only to be listed."""
    body = b'{"items":[' + b",".join(items) + b'],"next":' + json.dumps(following).encode() + b"}"
    return Response(body, media_type="application/json")
