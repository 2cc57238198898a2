"""The only client of the storage daemon.

A call is repeated after a lost connection if doing it twice is doing it once: reads, blobs, claims by the same holder,
commits by the same job. A deployment is not: somebody else's could have come in between.
"""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from typing import Self

from pydantic import ValidationError

from shared.clients.daemon import ConnectError, TransportError, error_from
from shared.clients.retry import RESTART_SECONDS
from shared.clients.storage_addresses import AddressCalls
from shared.clients.storage_answers import DeploymentPage, HeadPage, VersionPage, decoded, read_once, window
from shared.clients.storage_calls import Params, StorageCalls
from shared.clients.storage_of_before import (
    claimed_in_pieces,
    desire_in_pieces,
    overview_in_pieces,
    summaries_one_by_one,
)
from shared.domain.claimed_site import ClaimedSite
from shared.domain.desired_version import DesiredVersion
from shared.domain.errors import NotFound, PageWrightError, TooLarge
from shared.domain.manifest import Blob, Manifest
from shared.domain.signing import manifest_bytes
from shared.domain.site_overview import MOST_NAMED, SiteOverview
from shared.domain.site_summary import SiteSummaries
from shared.domain.vocabulary import ChangedSites, Deployment, SiteHead, Slot, StorageStatus

_SLOW_SECONDS = 180.0  # a large blob on a slow disk
_BLOB_SECONDS = 20.0  # one that nobody wonders about


class StorageClient(AddressCalls):
    """Storage at an address, with one role's token; use it with `async with`.

    Every method raises the error that storage answered with, of shared/domain/errors.py, or Unavailable if
    it can't be reached for `restart_seconds`.
    """

    def __init__(self, address: str, token: str, restart_seconds: float = RESTART_SECONDS) -> None:
        self._calls = StorageCalls(address, token, restart_seconds)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._calls.close()

    async def ping(self) -> None:
        """Raises unless storage answers this token."""
        await self._calls.call("GET", "/v1/changes", waits=False)

    async def status(self) -> StorageStatus:
        """How storage itself is; for the role api."""
        return decoded(StorageStatus, await self._calls.get("/v1/status"))

    async def head(self, site: str) -> SiteHead:
        """What storage knows of a site; one never seen has `latest` None."""
        return decoded(SiteHead, await self._calls.get(f"/v1/sites/{site}"))

    async def summaries(self, names: Sequence[str]) -> SiteSummaries:
        """What lists show of these sites, at most 100. Asks for each by itself if storage is of the release before."""
        if not names:
            return SiteSummaries(items=())
        try:
            answer = await self._calls.get("/v1/heads", {"sites": ",".join(names)})
        except NotFound:
            return await summaries_one_by_one(self, names)
        return decoded(SiteSummaries, answer, read_once)

    async def overview(self, site: str, limit: int, numbers: Iterable[int] = ()) -> SiteOverview:
        """What the page of a site shows: `limit` versions, and these besides. In pieces if storage is an older one."""
        named = sorted(set(numbers))[-MOST_NAMED:]
        query: Params = {"limit": limit, "numbers": ",".join(map(str, named)), "published": 1}
        try:
            answer = await self._calls.get(f"/v1/sites/{site}/overview", query)
        except NotFound:
            return await overview_in_pieces(self, site, limit, named)
        return decoded(SiteOverview, answer, read_once)

    async def sites(self, after: str = "", limit: int = 100) -> tuple[list[SiteHead], str | None]:
        """Sites after a name, by name, and the next page's `after`."""
        page = decoded(HeadPage, await self._calls.get("/v1/sites", {"after": after, "limit": limit}))
        return page.items, page.next

    async def announce(self, site: str, fence: int, holder: str, job: str | None = None) -> ClaimedSite:
        """Make storage refuse every lower fence; raises StaleFence, whose `fence` is the highest seen.

        Tells what the job has made already, too. Asks for that by itself if storage is of the release before.
        """
        body, named = {"fence": fence, "holder": holder}, {"job": job} if job else {}
        answer = await self._calls.call("POST", f"/v1/sites/{site}/claims", json=body, params=named)
        try:
            return ClaimedSite.model_validate_json(answer.content)
        except ValidationError:
            return await claimed_in_pieces(self, decoded(SiteHead, answer), job)

    async def put_blob(self, data: bytes) -> Blob:
        """Store bytes under their digest, durably."""
        sha256 = (await asyncio.to_thread(hashlib.sha256, data)).hexdigest()
        answer = await self._calls.call(
            "PUT", f"/v1/blobs/{sha256}", content=data, timeout=_SLOW_SECONDS, expected=_BLOB_SECONDS
        )
        return decoded(Blob, answer)

    async def has_blob(self, sha256: str) -> bool:
        try:
            await self._calls.call("HEAD", f"/v1/blobs/{sha256}")
        except NotFound:
            return False
        return True

    async def get_blob(self, sha256: str, limit: int) -> bytes:
        """A blob's bytes, verified; raises NotFound, or TooLarge above `limit` bytes."""

        async def fetch() -> bytes:
            async with self._calls.line.turn(), aclosing(self._chunks(sha256, limit)) as chunks:
                return b"".join([chunk async for chunk in chunks])

        return await self._calls.repeat(fetch, TransportError, _BLOB_SECONDS)

    async def stream_blob(self, sha256: str, limit: int) -> AsyncGenerator[bytes, None]:
        """A blob's chunks. Their digest is known at the end only: believe none of them before it came without error."""
        async with self._calls.downloads.turn(), aclosing(self._chunks(sha256, limit)) as chunks:
            async for chunk in chunks:
                yield chunk

    async def _chunks(self, sha256: str, limit: int) -> AsyncGenerator[bytes, None]:
        digest, received = hashlib.sha256(), 0
        async with self._calls.http.stream("GET", f"/v1/blobs/{sha256}", timeout=_SLOW_SECONDS) as answer:
            if answer.is_error:
                await answer.aread()
                raise error_from(answer)
            async for chunk in answer.aiter_raw(1 << 20):
                received += len(chunk)
                if received > limit:
                    raise TooLarge(f"The stored file is larger than {limit} bytes.", "Tell an operator.")
                digest.update(chunk)
                yield chunk
        if digest.hexdigest() != sha256:
            raise PageWrightError("A stored file is damaged.", "Try again, then tell an operator.")

    async def commit(self, manifest: Manifest) -> Manifest:
        """Make a signed manifest the site's newest version. If its job made a version already: that one's manifest.

        Raises Conflict (number, parent, stamp, missing blob) or StaleFence.
        """
        headers = {"Fence": str(manifest.fence), "Content-Type": "application/json"}
        path = f"/v1/sites/{manifest.site}/versions"
        answer = await self._calls.call("POST", path, content=manifest_bytes(manifest), headers=headers)
        return decoded(Manifest, answer)

    async def version(self, site: str, number: int) -> Manifest:
        """A version's manifest; raises NotFound. Whoever acts on it verifies its signature."""
        return decoded(Manifest, await self._calls.get(f"/v1/sites/{site}/versions/{number}"))

    async def version_of_job(self, site: str, job: str) -> Manifest | None:
        """The version that a job made, None if it made none."""
        try:
            return decoded(Manifest, await self._calls.get(f"/v1/sites/{site}/jobs/{job}"))
        except NotFound:
            return None

    async def versions(
        self, site: str, before: int | None = None, limit: int = 100
    ) -> tuple[list[Manifest], int | None]:
        """Versions below `before`, newest first, and the next page's `before`."""
        page = decoded(VersionPage, await self._calls.get(f"/v1/sites/{site}/versions", window(before, limit)))
        return page.items, page.next

    async def deploy(
        self, site: str, slot: Slot, version: int, by: str, fence: int | None = None, expected: int | None = None
    ) -> Deployment:
        """Set the version that a slot is to show; a worker names its fence. Raises NotFound or StaleFence.

        Raises Conflict if the slot shows another version than `expected` (0: none) by now. A storage of the release
        before does not look at that.

        After Unavailable the deployment may have been recorded: look before repeating it.
        """
        conditions = {"Fence": fence, "Expected": expected}
        answer = await self._calls.call(
            "POST",
            f"/v1/sites/{site}/deployments",
            json={"slot": slot, "version": version, "by": by},
            headers={name: str(value) for name, value in conditions.items() if value is not None},
            repeat_after=ConnectError,
        )
        return decoded(Deployment, answer)

    async def desire(
        self,
        site: str,
        slot: Slot,
        version: int | None,
        by: str,
        *,
        accept_failed_checks: bool,
        expected: int | None = None,
    ) -> DesiredVersion:
        """Deploy for a person, or take down without a version, in one step; in pieces if storage is older.

        Raises Conflict for failed checks unless they are accepted, and as `deploy`. A storage of the release before
        takes nothing down: it raises InvalidInput.
        """
        asked = {"slot": slot, "version": version, "by": by}
        more = {"accept_failed_checks": accept_failed_checks, "expected": expected}
        try:
            answer = await self._calls.call(
                "POST", f"/v1/sites/{site}/desired", json=asked | more, repeat_after=ConnectError
            )
        except NotFound:
            if version is None:
                raise
            return await desire_in_pieces(self, site, slot, version, by, accept_failed_checks, expected)
        return decoded(DesiredVersion, answer)

    async def deployments(
        self, site: str, before: int | None = None, limit: int = 100
    ) -> tuple[list[Deployment], int | None]:
        """Deployments below `before`, newest first, and the next page's `before`."""
        page = decoded(DeploymentPage, await self._calls.get(f"/v1/sites/{site}/deployments", window(before, limit)))
        return page.items, page.next

    async def wish(self, site: str, version: int, *, is_missing: bool) -> None:
        """Let web hosts keep a version that is looked at; raises NotFound (an older storage, too) or TooMany."""
        body = {"version": version, "is_missing": is_missing}
        await self._calls.call("POST", f"/v1/sites/{site}/wishes", json=body)

    async def changes(self, cursor: str | None, wait: float) -> ChangedSites:
        """Sites that changed after a cursor (None: a first one), waiting up to `wait` seconds (at most 60) for one."""
        params: Params = {"since": cursor or "", "wait": wait, "news": 1, "wished": 1, "moved": 1}
        answer = await self._calls.call("GET", "/v1/changes", params=params, timeout=wait + 30, expected=wait)
        return decoded(ChangedSites, answer)
