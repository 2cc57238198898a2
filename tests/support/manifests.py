"""Signed versions to commit, whose artifact and file list are small and real, so that `verify` accepts them."""

from datetime import UTC, datetime

from shared.clients.storage import StorageClient
from shared.domain.archive import pack
from shared.domain.file_list import encode_file_list, public_files
from shared.domain.manifest import Blob, Changes, Check, CheckStatus, Manifest
from shared.domain.signing import (
    generate_private_key,
    load_private_key,
    load_trusted_keys,
    sign_manifest,
    trusted_key_line,
)
from shared.domain.vocabulary import JobKind, new_id

SIGNING_KEY = load_private_key(generate_private_key())
TRUSTED_LINE = trusted_key_line(SIGNING_KEY)
TRUSTED_KEYS = load_trusted_keys(TRUSTED_LINE)


def signed_manifest(
    number: int, *, artifact: Blob, public: Blob, site: str = "bakery", fence: int = 1, job: str | None = None
) -> Manifest:
    """The manifest of a version whose stamp is 1000 + its number."""
    manifest = Manifest(
        site=site,
        number=number,
        parent=number - 1 or None,
        job=job or new_id(),
        kind=JobKind.EDIT,
        message="Make the title larger.",
        author="ana",
        files=Changes(),
        public=public,
        builder="plain",
        checks=(Check(name="links", status=CheckStatus.PASSED),),
        artifact=artifact,
        fence=fence,
        stamp=1000 + number,
        created_at=datetime.now(UTC),
    )
    return sign_manifest(manifest, SIGNING_KEY)


def version_of(number: int, *, parent: int | None = None, **more: object) -> Manifest:
    """The unsigned manifest of a version whose bytes are nowhere; it follows the one before it."""
    blob = Blob(sha256="0" * 64, size=0)
    manifest = signed_manifest(number, artifact=blob, public=blob)
    return manifest.model_copy(update={"signature": None, "parent": parent or number - 1 or None, **more})


async def put_version_blobs(client: StorageClient, number: int) -> tuple[Blob, Blob]:
    """Upload artifact and file list of a one-page site, different for every number."""
    public = {"index.html": f"<!doctype html><title>Version {number}</title>".encode()}
    files = encode_file_list(public_files(public, None, 1000 + number))
    return await client.put_blob(pack(public, public)), await client.put_blob(files)


async def commit_version(
    client: StorageClient, number: int, *, site: str = "bakery", fence: int = 1, job: str | None = None
) -> Manifest:
    """Upload and commit one version; the fence is announced already."""
    artifact, public = await put_version_blobs(client, number)
    return await client.commit(
        signed_manifest(number, artifact=artifact, public=public, site=site, fence=fence, job=job)
    )


async def fill_site(client: StorageClient, versions: int, *, site: str = "bakery") -> list[Manifest]:
    """Claim a site and commit its first versions."""
    await client.announce(site, 1, "worker-1")
    return [await commit_version(client, number, site=site) for number in range(1, versions + 1)]
