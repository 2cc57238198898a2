"""Edits a site: Codex changes a copy of it in the sandbox, and only what a site may contain comes back."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from daemons.worker.attachments.prepared_files import NO_FILES, PreparedFiles
from daemons.worker.codex.command import plan_edit
from daemons.worker.codex.events import Transcript
from daemons.worker.codex.tally import CommandTally
from daemons.worker.exit_diagnostics import codex_diagnostics, exit_diagnostics
from daemons.worker.job.progress_reporter import ProgressReporter
from daemons.worker.limits import check_limit, edit_limits
from daemons.worker.model_relay.model_queries import context_tokens
from daemons.worker.model_relay.relay import ModelRelay
from daemons.worker.programs import Programs
from daemons.worker.sandbox.session import RunResult, open_session
from daemons.worker.scope.read_request import ReadRequest
from daemons.worker.text.formats import restore_formats
from shared.clients.model import ModelUnreachable
from shared.clients.retry import retry
from shared.domain.errors import BadGateway, PageWrightError
from shared.domain.manifest import Check
from shared.domain.older_base import base_checks
from shared.domain.tickets import issue_ticket
from shared.domain.tree import Tree
from shared.domain.vocabulary import JobRequest
from shared.runtime.settings import WorkerSettings

# Coding agents take these files for instructions, so the agent does not see them; they stay in the site.
_AGENT_FILES = frozenset({"AGENTS.md", "AGENTS.override.md", "CLAUDE.md"})


@dataclass(frozen=True)
class Edited:
    """The source tree that a job made, the answer to the person, and facts for the version's record.

    The facts: what an import found, how the agent's commands went, which text could not be mended, and which
    versions' changes the tree lacks. `request` is what the edit was asked for, as it was read before.
    """

    source: Tree
    answer: str
    imported: tuple[Check, ...] = ()
    tally: CommandTally = field(default_factory=CommandTally)
    text: tuple[Check, ...] = ()
    base: tuple[Check, ...] = ()
    request: ReadRequest | None = None

    @property
    def checks(self) -> tuple[Check, ...]:
        """What the version's record says about how it was made; the checks of its pages come beside it."""
        return (*self.imported, *self.tally.checks, *self.text, *self.base)

    def made_from(self, base: int | None, newest: int | None) -> "Edited":
        """The same, with a note of what it lacks if it was made from an older version than the newest."""
        checks = base_checks(base, newest)
        facts = [finding for check in checks for finding in check.findings]
        return replace(self, base=checks, answer="\n\n".join(filter(None, (self.answer, *facts))))


async def edit_site(
    request: JobRequest,
    source: Tree,
    *,
    settings: WorkerSettings,
    programs: Programs,
    reporter: ProgressReporter,
    attached: PreparedFiles = NO_FILES,
    read: ReadRequest | None = None,
) -> Edited:
    """Let the agent do what `request` asks, in a copy of `source`, with the attached files; it is told its scope.

    Raises a PageWrightError that tells the person why it did not work.
    """
    withheld = {path: data for path, data in source.items() if path.rpartition("/")[2] in _AGENT_FILES}
    visible = {path: data for path, data in source.items() if path not in withheld}
    key = settings.model_ticket_key.get_secret_value().encode()
    ticket = issue_ticket(key, job=request.id, site=request.site, seconds=settings.worker_edit_seconds)
    relay = ModelRelay(settings.model_address, ticket)
    transcript = Transcript()

    def reporting(read: Callable[[bytes], str | None]) -> Callable[[bytes], None]:
        def read_and_report(line: bytes) -> None:
            if step := read(line):
                reporter.say(step)

        return read_and_report

    context = await retry(lambda: context_tokens(settings))
    limits = edit_limits(settings)
    plan = plan_edit(
        request, attached, read.scope if read else None, codex=programs.codex, limits=limits, context_tokens=context
    )
    on_line, on_error = reporting(transcript.read), reporting(transcript.read_error)
    async with open_session(plan, relay=relay, on_line=on_line, on_error=on_error, backend=programs.backend) as session:
        ended = await session.run(visible)
    with exit_diagnostics(ended, f"{codex_diagnostics(ended.error_output)}\n{transcript.error}".strip()):
        _refuse_unfinished(ended, transcript, relay.trouble)
    kept, text = await asyncio.to_thread(restore_formats, visible, ended.tree)
    return Edited({**kept, **withheld}, transcript.answer, tally=transcript.tally, text=text, request=read)


def _refuse_unfinished(ended: RunResult, transcript: Transcript, trouble: PageWrightError | None) -> None:
    """Raise an error that says why the edit did not finish; half an edit is never used."""
    if trouble and ended.limit == "time":
        raise _as_model_error(trouble)  # the agent waited for the model until its time was up
    check_limit(ended.limit, "The edit", "Ask for a smaller change, or for one step at a time.")
    if transcript.completed and ended.exit_code == 0:
        return
    if trouble:
        raise _as_model_error(trouble)
    raise BadGateway(
        "The agent stopped before it was done.", "Try again; if it happens again, tell the operator of this site."
    )


def _as_model_error(trouble: PageWrightError) -> PageWrightError:
    """An answer of the model daemon as BadGateway, which is not retried: another worker would get the same answer."""
    if trouble.status < 500 or isinstance(trouble, ModelUnreachable):
        return trouble
    return BadGateway(trouble.detail, trouble.hint)
