"""A tiny worker for tests of the api: the real queue, the real storage, real signed versions, but no agent."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

from daemons.worker.changes.sentences import told
from daemons.worker.scope.verdict_checks import verdict_checks
from shared.clients.job_queue import Claim, JobQueue
from shared.clients.storage import StorageClient
from shared.domain.archive import pack
from shared.domain.errors import StaleFence
from shared.domain.file_list import encode_file_list, public_files
from shared.domain.manifest import Blob, Check, CheckStatus, Manifest, Screenshot, report_entry, visible_changes_entry
from shared.domain.signing import sign_manifest
from shared.domain.tree import Tree, compare
from shared.domain.visible_changes import UNASKED, VisibleChanges
from shared.domain.vocabulary import Failure, JobRequest, JobState, Outcome, Phase, Progress, SiteHead
from tests.support.manifests import SIGNING_KEY
from tests.support.storage_process import StorageProcess

PICTURE = b"\xff\xd8\xff\xe0 a picture"


class TinyWorker:
    """Does queued jobs; each version's index.html holds all messages so far, a line each.

    The message `fail` makes a job fail, `no change` makes it end without a version, `bad checks` makes a version whose
    check `links` failed, `more than asked` one whose check `unasked` did, `no home page` one whose check of that only
    warns. `files` are those that a message puts in their places, instead of a line on the home page. `requests` are
    those that it has taken, `pictures` those that it takes of each home page, by viewport. `seen` is what a message
    changes for a person. An import of `two-languages.zip` fails until it is told which folder is the site.
    """

    def __init__(self, redis_url: str, storage: StorageProcess) -> None:
        self._redis_url = redis_url
        self._storage = storage
        self._trees: dict[tuple[str, int], Tree] = {}
        self.files: dict[str, Tree] = {}
        self.seen: dict[str, VisibleChanges] = {}
        self.requests: list[JobRequest] = []
        self.pictures: Mapping[str, bytes] = {"phone": PICTURE}

    def work(self, *, finish: bool = True) -> list[str]:
        """Do all jobs that are queued; gives their ids. Without `finish` it dies after its last commit."""
        return asyncio.run(self._work(finish=finish))

    async def _work(self, *, finish: bool) -> list[str]:
        done = []
        async with JobQueue.open(self._redis_url) as queue, self._storage.client("worker") as storage:
            while claim := await queue.claim("tiny", 30, 0):
                self.requests.append(claim.request)
                await self._do(queue, storage, claim, finish=finish)
                done.append(claim.request.id)
        return done

    async def _do(self, queue: JobQueue, storage: StorageClient, claim: Claim, *, finish: bool) -> None:
        try:
            head = (await storage.announce(claim.request.site, claim.fence, claim.holder)).head
        except StaleFence as stale:
            claim = await queue.raise_fence(claim, stale.fence)
            head = (await storage.announce(claim.request.site, claim.fence, claim.holder)).head
        await queue.progress(claim, Progress(phase=Phase.EDITING, text="Changing index.html"))
        outcome = await self._outcome(storage, claim, head)
        if finish:
            assert await queue.finish(claim, outcome)

    async def _outcome(self, storage: StorageClient, claim: Claim, head: SiteHead) -> Outcome:
        message = claim.request.message
        if claim.request.upload_name == "two-languages.zip" and claim.request.root is None:
            error = Failure(detail="Several folders.", hint="Say which.", choices=("de", "en", "."))
            return Outcome(state=JobState.FAILED, error=error)
        if message == "fail":
            return Outcome(state=JobState.FAILED, error=Failure(detail="It can't be done.", hint="Ask for less."))
        if message == "no change":
            return Outcome(state=JobState.SUCCEEDED, answer="It is like that already.")
        manifest = await self._commit(storage, claim, head)
        return Outcome(state=JobState.SUCCEEDED, version=manifest.number, answer=manifest.answer)

    async def _commit(self, storage: StorageClient, claim: Claim, head: SiteHead) -> Manifest:
        request, number = claim.request, (head.latest or 0) + 1
        before = self._trees.get((request.site, request.base or head.latest or 0), {})
        written = {"index.html": before.get("index.html", b"") + request.message.encode() + b"\n"}
        source = {**before, **self.files.get(request.message, written)}
        source["logo.png"] = b"\x89PNG\x00" + bytes([number])
        source["evil.html"] = b"<script>alert(1)</script>"
        self._trees[(request.site, number)] = source
        files = public_files(source, None, 1000 + number)
        seen = self.seen.get(request.message)
        status = CheckStatus.FAILED if request.message == "bad checks" else CheckStatus.PASSED
        manifest = Manifest(
            site=request.site,
            number=number,
            parent=head.latest,
            job=request.id,
            kind=request.kind,
            message=request.message,
            author=request.author,
            answer=f"Done: {request.message}",
            files=compare(before, source),
            public=await storage.put_blob(encode_file_list(files)),
            builder="plain",
            checks=(
                Check(name="links", status=status),
                *_home_page_check(request.message),
                *(told(seen) if seen else ()),
                *(verdict_checks(seen, (), (), is_unseen=False, did_some=True) if seen else ()),
                *_unasked_check(request.message),
            ),
            screenshots=(
                *[
                    Screenshot(page="index.html", viewport=viewport, image=await storage.put_blob(picture))
                    for viewport, picture in self.pictures.items()
                ],
                report_entry(await storage.put_blob(b"a report")),
                *([visible_changes_entry(await storage.put_blob(seen.model_dump_json().encode()))] if seen else []),
            ),
            artifact=await _put(storage, source),
            fence=claim.fence,
            stamp=1000 + number,
            created_at=datetime.now(UTC),
        )
        return await storage.commit(sign_manifest(manifest, SIGNING_KEY))


def _home_page_check(message: str) -> tuple[Check, ...]:
    if message != "no home page":
        return ()
    finding = "The site has no home page: its address answers that there is no such page."
    return (Check(name="home page", status=CheckStatus.WARNING, findings=(finding,)),)


def _unasked_check(message: str) -> tuple[Check, ...]:
    if message != "more than asked":
        return ()
    finding = "index.html: Text in the footer: “Tel. 123” → “Tel. 999”"
    return (Check(name=UNASKED, status=CheckStatus.FAILED, findings=(finding,)),)


async def _put(storage: StorageClient, source: Tree) -> Blob:
    return await storage.put_blob(pack(source, source))
