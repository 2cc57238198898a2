"""Operations on versions. Their bytes are hostile and come from our origin: they are never answered as pages."""

import base64
from typing import Annotated

from pydantic import Field
from starlette.responses import Response, StreamingResponse

from daemons.api.database.paging import Before, Page, Query
from daemons.api.jobs.rows import Job
from daemons.api.json_routes.operation import ApiRequest, Operation
from daemons.api.sites.differences import Difference
from daemons.api.sites.seen_changes import VersionChanges, version_changes
from daemons.api.sites.served_changes import ServedChanges
from daemons.api.sites.versions import SourceFile
from shared.domain.manifest import Manifest
from shared.domain.problem_changes import ProblemChanges, since_parent
from shared.domain.vocabulary import Record, VersionNumber

# Whatever the bytes are, a browser runs nothing in them and lets them reach nothing.
_INERT = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}
_IMMUTABLE = {"Cache-Control": "private, max-age=31536000, immutable"}


class Against(Query):
    """The version to compare with, by default the parent; 0 is nothing: every file is then an added one."""

    against: Annotated[int, Field(ge=0, lt=2**53)] | None = None


class ShownVersion(Manifest):
    """The record of a version, and computed from it and its parent's what it broke and mended."""

    problems: ProblemChanges


class PlannedPublication(Record):
    """What showing a version to visitors would change, who see the version `live` now (null: none).

    `changes` is null if one of the two can't be read; `home_page` says what is wrong with the home page and was not
    before. `newest` is the site's newest version. With any `new` or `unclear` problem it has to be accepted.
    """

    version: VersionNumber
    live: VersionNumber | None
    newest: VersionNumber | None
    changes: ServedChanges | None
    problems: ProblemChanges
    home_page: str


def _shown(manifest: Manifest, parent: Manifest | None) -> ShownVersion:
    """The record without what stands among its screenshots and is no picture."""
    fields = {name: getattr(manifest, name) for name in Manifest.model_fields}
    return ShownVersion(**fields | {"screenshots": manifest.pictures, "problems": since_parent(manifest, parent)})


async def list_versions(request: ApiRequest, query: Before) -> Page[ShownVersion]:
    """A site's versions."""
    page, known = await request.services.versions.list_versions(await request.owned_site(), query.before, query.limit)
    shown = [_shown(manifest, known.get(manifest.parent or 0)) for manifest in page.items]
    return Page(items=shown, next=page.next)


async def show_version(request: ApiRequest) -> ShownVersion:
    """One version."""
    site, versions = await request.owned_site(), request.services.versions
    manifest = await versions.show(site, request.version)
    return _shown(manifest, await versions.parent(site, manifest))


async def show_publication(request: ApiRequest) -> PlannedPublication:
    """What publishing it would change."""
    plan = await request.services.publication_plans.plan(await request.owned_site(), request.version)
    return PlannedPublication(
        version=plan.chosen.number,
        live=plan.desired.version if plan.desired else None,
        newest=plan.site.latest,
        changes=plan.changes,
        problems=plan.problems,
        home_page=plan.visitors_see,
    )


async def restore(request: ApiRequest) -> Job:
    """Go back to a version and on from there."""
    return await request.services.jobs.start_restore(await request.owned_site(), request.version, request.id)


async def undo(request: ApiRequest) -> Job:
    """Take one change out of the newest version."""
    return await request.services.jobs.start_undo(await request.owned_site(), request.version, request.id)


async def download_artifact(request: ApiRequest) -> Response:
    """The artifact."""
    manifest, chunks = await request.services.versions.artifact(await request.owned_site(), request.version)
    name = f"{manifest.site}-v{manifest.number}.tar.gz"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(manifest.artifact.size),
        "Repr-Digest": f"sha-256=:{_base64(manifest.artifact.sha256)}:",
    }
    return StreamingResponse(chunks, headers=headers | _INERT, media_type="application/gzip")


async def list_files(request: ApiRequest) -> Page[SourceFile]:
    """The source files."""
    return Page(items=await request.services.versions.files(await request.owned_site(), request.version))


async def show_file(request: ApiRequest) -> Response:
    """One source file, as text to read or as bytes to save."""
    data = await request.services.versions.file(await request.owned_site(), request.version, request.path("path"))
    try:
        data.decode()
    except UnicodeDecodeError:
        headers = _INERT | {"Content-Disposition": "attachment"}
        return Response(data, headers=headers, media_type="application/octet-stream")
    return Response(data, headers=_INERT, media_type="text/plain")


async def show_diff(request: ApiRequest, query: Against) -> Difference:
    """What changed."""
    return await request.services.versions.diff(await request.owned_site(), request.version, query.against)


async def show_changes(request: ApiRequest) -> VersionChanges:
    """What a person sees otherwise."""
    versions = request.services.versions
    manifest = await versions.show(await request.owned_site(), request.version)
    return version_changes(manifest, await versions.seen_changes(manifest))


async def show_screenshot(request: ApiRequest) -> Response:
    """One page as a picture."""
    data = await request.services.versions.screenshot(
        await request.owned_site(), request.version, request.path("page"), request.path("viewport")
    )
    return Response(data, headers=_INERT | _IMMUTABLE, media_type="image/jpeg")


def _base64(digest: str) -> str:
    return base64.b64encode(bytes.fromhex(digest)).decode()


_VERSION = "/sites/{site}/versions/{number}"

OPERATIONS = (
    Operation("GET", "/sites/{site}/versions", "A site's versions, newest first.", list_versions,
              answer=Page[ShownVersion], query=Before),
    Operation("GET", _VERSION, "The record of one version.", show_version, answer=ShownVersion),
    Operation("GET", f"{_VERSION}/publication", "What showing this version to visitors would change.", show_publication,
              answer=PlannedPublication),
    Operation("POST", f"{_VERSION}/restore", "Make a new version with the content of this one.", restore,
              answer=Job, status=202, location=lambda job: f"/api/v1/jobs/{job.id}"),
    Operation("POST", f"{_VERSION}/undo", "Make a new version without the change of this one.", undo,
              answer=Job, status=202, location=lambda job: f"/api/v1/jobs/{job.id}"),
    Operation("GET", f"{_VERSION}/artifact", "The version's `.tar.gz` of source/ and public/.", download_artifact,
              media_type="application/gzip"),
    Operation("GET", f"{_VERSION}/files", "The version's source files.", list_files, answer=Page[SourceFile]),
    Operation("GET", f"{_VERSION}/files/{{path:path}}", "One source file.", show_file, media_type="text/plain"),
    Operation("GET", f"{_VERSION}/diff", "What changed in the source, by default since the parent.", show_diff,
              answer=Difference, query=Against),
    Operation("GET", f"{_VERSION}/changes", "What a person sees otherwise than in the parent, change by change.",
              show_changes, answer=VersionChanges),
    Operation("GET", f"{_VERSION}/screenshots/{{viewport}}/{{page:path}}",
              "A picture of a page; `viewport` is desktop, phone or small.", show_screenshot, media_type="image/jpeg"),
)  # fmt: skip
