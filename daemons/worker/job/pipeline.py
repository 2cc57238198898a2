"""The steps of one job, in order: adopt, fetch, edit, build, check, package, commit, preview.

No step before the commit changes the site, and storage accepts a commit from the newest claim only. So a worker that
is killed or overtaken at any step leaves the site as it was, or with the finished version.
"""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

from daemons.worker.attachments.request_files import request_files
from daemons.worker.base import Base, fetch_base
from daemons.worker.checks.history import CheckHistory, fetch_history
from daemons.worker.checks.run import Checked, Checker, open_checker
from daemons.worker.importing.sandboxed_import import import_site
from daemons.worker.job.checked_edit import BUILDER, CheckedEdit, check_edit
from daemons.worker.job.editing import Edited, edit_site
from daemons.worker.job.judging import judge_version
from daemons.worker.job.keeping_asked import keep_asked
from daemons.worker.job.mending import Mender
from daemons.worker.job.packaging import Package, package_version, record_version
from daemons.worker.job.progress_reporter import ProgressReporter, check_step
from daemons.worker.job.reading import read_edit
from daemons.worker.job.repairing import repair_check
from daemons.worker.job.second_look import look_again
from daemons.worker.job.unchanged import unchanged
from daemons.worker.job.undoing import without_change
from daemons.worker.model_relay.model_queries import AgentUsage, agent_usage
from daemons.worker.programs import Programs
from shared.clients.job_queue import Claim
from shared.clients.retry import retry
from shared.clients.storage import StorageClient
from shared.domain.archive import MOST_ARTIFACT_BYTES
from shared.domain.claimed_site import ClaimedSite
from shared.domain.errors import Conflict, InvalidInput
from shared.domain.kept_version import BY_WORKER
from shared.domain.manifest import Changes, CheckStatus, Manifest
from shared.domain.signing import SigningKey, sign_manifest
from shared.domain.site_templates import instantiate
from shared.domain.tree import compare
from shared.domain.vocabulary import JobKind, JobState, Outcome, Phase, Slot
from shared.runtime import metrics
from shared.runtime.settings import WorkerSettings


@dataclass(frozen=True)
class WorkerContext:
    """What all jobs of this worker share."""

    settings: WorkerSettings
    programs: Programs
    storage: StorageClient
    signing_key: SigningKey


class JobPipeline:
    """Takes one claimed job through its steps."""

    def __init__(self, context: WorkerContext, claim: Claim, site: ClaimedSite, reporter: ProgressReporter) -> None:
        self._context = context
        self._request = claim.request
        self._fence = claim.fence
        self._head = site.head
        self._made = site.made
        self._reporter = reporter

    async def run(self) -> Outcome:
        """Do the job. Raises a PageWrightError that says why it can't be done."""
        request = self._request
        done = await self.adopt()
        if done:
            return done
        self._reporter.enter(Phase.FETCHING)
        base = await self._fetch(None if request.kind is JobKind.RESTORE else request.base)
        async with AsyncExitStack() as stack:
            checker = await stack.enter_async_context(open_checker(self._context.settings, self._context.programs))
            edited = await self._make_source(base)
            changes = compare(base.source, edited.source)
            if not changes:
                return unchanged(request, base, edited)
            edited = edited.made_from(base.number, self._head.latest)
            package = await self._build_and_check(base, edited, changes, checker)
        return await self._commit(base, package, await self._agent_usage())

    async def adopt(self) -> Outcome | None:
        """The job's outcome if an earlier attempt has committed its version already, None otherwise."""
        return await self._show(self._made) if self._made else None

    async def _fetch(self, number: int | None) -> Base:
        return await retry(lambda: fetch_base(self._context.storage, self._head, number))

    async def _make_source(self, base: Base) -> Edited:
        """Make the site's new source, as the job's kind asks."""
        request = self._request
        if request.kind in (JobKind.CREATE, JobKind.IMPORT) and base.manifest:
            raise Conflict(f"The site {request.site} exists already.", "Choose another name.")
        if request.kind not in (JobKind.CREATE, JobKind.IMPORT) and not base.manifest:
            raise InvalidInput(f"The site {request.site} has no version yet.", "Create or import it first.")
        self._reporter.enter(Phase.EDITING)
        match request.kind:
            case JobKind.CREATE:
                return Edited(instantiate(request.template or "", request.title or request.site), "Your site is ready.")
            case JobKind.IMPORT:
                return await self._import()
            case JobKind.RESTORE if request.undo:
                return await self._undo(base, request.undo)
            case JobKind.RESTORE if request.keep_asked:
                return await keep_asked(self._context.storage, base, request.keep_asked, self._fetch)
            case JobKind.RESTORE:
                old = base if base.number == request.base else await self._fetch(request.base)
                return Edited(old.source, f"Version {old.number} is back as a new version.")
            case JobKind.EDIT:
                return await self._edit(base)

    async def _edit(self, base: Base) -> Edited:
        context, reporter = self._context, self._reporter
        attached = await request_files(
            self._request,
            context.storage,
            settings=context.settings,
            programs=context.programs,
            say=reporter.say,
        )
        read = await read_edit(self._request, base.source, context.settings)
        return await edit_site(
            self._request,
            base.source,
            settings=context.settings,
            programs=context.programs,
            reporter=reporter,
            attached=attached,
            read=read,
        )

    async def _undo(self, newest: Base, number: int) -> Edited:
        """The newest source without the change of one version."""
        storage, site = self._context.storage, self._request.site
        made = await retry(lambda: storage.version(site, number))
        if made.parent is None:
            raise InvalidInput(f"Version {number} is the first one.", "Delete the site if you don't want it.")
        before = await self._fetch(made.parent)
        source = await asyncio.to_thread(without_change, made, before.source, newest.source)
        return Edited(source, f"The change of version {number} is undone.")

    async def _import(self) -> Edited:
        request = self._request
        if not request.upload:
            raise InvalidInput("The import has no archive.", "Upload a .zip or .tar.gz of your site.")
        digest = request.upload
        upload = await retry(lambda: self._context.storage.get_blob(digest, MOST_ARTIFACT_BYTES))
        self._reporter.say("Unpacking the archive")
        return await import_site(
            upload,
            request.upload_name or "",
            request.root,
            settings=self._context.settings,
            programs=self._context.programs,
        )

    async def _build_and_check(self, base: Base, edited: Edited, changes: Changes, checker: Checker) -> Package:
        history = await fetch_history(self._context.storage, self._request, self._head, base)
        first = await check_edit(edited, changes, history, checker, self._reporter)
        last = await self._mended(first, base, history)
        edited, public, changes, checked = last.edited, last.public, last.changes, last.checked
        edited, checked = await asyncio.to_thread(
            judge_version, self._request, self._head, base, edited=edited, changes=changes, checked=checked
        )
        checked = await look_again(self._request, checked, self._context.settings)
        mended = repair_check(first.checked, last.checked)
        checked = replace(checked, checks=(*checked.checks, *mended, *edited.checks))
        self._report_checks(checked)
        self._reporter.enter(Phase.PACKAGING)
        return await package_version(
            self._context.storage, self._head, base=base, edited=edited, public=public, changes=changes, checked=checked
        )

    async def _mended(self, first: CheckedEdit, base: Base, history: CheckHistory) -> CheckedEdit:
        """An edit of the agent with what it broke mended, as far as the agent can."""
        if self._request.kind is not JobKind.EDIT:
            return first
        context = self._context
        mender = Mender(self._request, base, history, context.settings, context.programs, self._reporter)
        return await mender.mend(first)

    def _report_checks(self, checked: Checked) -> None:
        for check in checked.checks:
            if check.status is CheckStatus.FAILED:
                metrics.CHECK_FAILURES.labels(check.name).inc()
            if check.status is not CheckStatus.PASSED:
                self._reporter.say(check_step(check))

    async def _agent_usage(self) -> AgentUsage | None:
        if self._request.kind is not JobKind.EDIT:
            return None
        version = self._context.programs.codex_version
        return await retry(lambda: agent_usage(self._context.settings, self._request, version))

    async def _commit(self, base: Base, package: Package, facts: AgentUsage | None) -> Outcome:
        self._reporter.enter(Phase.COMMITTING)
        manifest = record_version(
            self._request, self._head, base=base, package=package, facts=facts, fence=self._fence, builder=BUILDER
        )
        signed = sign_manifest(manifest, self._context.signing_key)
        stored = await retry(lambda: self._context.storage.commit(signed))
        return await self._show(stored)

    async def _show(self, manifest: Manifest) -> Outcome:
        """Put a version that passed its checks into preview; people can still open one that failed.

        Leave preview alone if newer versions exist: an adopted version was committed before them.
        """
        followed = manifest.number < (self._head.latest or 0)
        if manifest.passed and not followed:
            await retry(
                lambda: self._context.storage.deploy(
                    manifest.site, Slot.PREVIEW, manifest.number, by=BY_WORKER, fence=self._fence
                )
            )
        return Outcome(state=JobState.SUCCEEDED, version=manifest.number, answer=manifest.answer)
