"""The edit: Codex changes a copy of the site in the sandbox, and only what a site may contain comes back."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from daemons.worker.codex.command import plan_edit
from daemons.worker.codex.events import Transcript
from daemons.worker.codex.tally import CommandTally
from daemons.worker.exit_diagnostics import codex_words, noting_end
from daemons.worker.job.progress_reporter import Narrator
from daemons.worker.limits import check_limit, edit_limits
from daemons.worker.model_relay.model_facts import context_tokens
from daemons.worker.model_relay.relay import ModelDoor, ModelUnreachable
from daemons.worker.programs import Programs
from daemons.worker.sandbox.session import Ended, open_session
from daemons.worker.text.keeping import keep_text_forms
from shared.clients.retry import retry
from shared.domain.errors import BadGateway, PageWrightError
from shared.domain.manifest import Check
from shared.domain.older_base import base_checks
from shared.domain.tickets import issue_ticket
from shared.domain.tree import Tree
from shared.domain.vocabulary import JobRequest
from shared.runtime.settings import WorkerSettings

# Files that coding agents take for instructions: they stay in the site, but the agent does not get to see them.
_AGENT_FILES = frozenset({"AGENTS.md", "AGENTS.override.md", "CLAUDE.md"})


@dataclass(frozen=True)
class Edited:
    """The source tree after the edit, and what is said about it.

    Reports for the version's record: what an import met, how the agent's commands went, text that could not be
    mended, which versions' changes it lacks.
    """

    source: Tree
    answer: str
    imported: tuple[Check, ...] = ()
    tally: CommandTally = field(default_factory=CommandTally)
    text: tuple[Check, ...] = ()
    base: tuple[Check, ...] = ()

    @property
    def checks(self) -> tuple[Check, ...]:
        """What a version's record says of how it was made, beside the checks of its pages."""
        return (*self.imported, *self.tally.checks, *self.text, *self.base)

    def made_from(self, base: int | None, newest: int | None) -> "Edited":
        """The same, saying what it lacks if it was made from another version than the newest."""
        checks = base_checks(base, newest)
        facts = [finding for check in checks for finding in check.findings]
        return replace(self, base=checks, answer="\n\n".join(filter(None, (self.answer, *facts))))


async def edit_site(
    request: JobRequest, source: Tree, *, settings: WorkerSettings, programs: Programs, narrator: Narrator
) -> Edited:
    """Let the agent do what `request` asks with a copy of `source`.

    Raises a PageWrightError that tells the person why it did not work; `source` itself is never changed.
    """
    withheld = {path: data for path, data in source.items() if path.rpartition("/")[2] in _AGENT_FILES}
    visible = {path: data for path, data in source.items() if path not in withheld}
    ticket = issue_ticket(
        settings.model_ticket_key.get_secret_value().encode(),
        job=request.id,
        site=request.site,
        seconds=settings.worker_edit_seconds,
    )
    door = ModelDoor(settings.model_address, ticket)
    transcript = Transcript()

    def telling(read: Callable[[bytes], str | None]) -> Callable[[bytes], None]:
        def take_in(line: bytes) -> None:
            if step := read(line):
                narrator.say(step)

        return take_in

    context = await retry(lambda: context_tokens(settings))
    plan = plan_edit(request, codex=programs.codex, limits=edit_limits(settings), context_tokens=context)
    on_line, on_error = telling(transcript.read), telling(transcript.read_error)
    async with open_session(plan, door=door, on_line=on_line, on_error=on_error, backend=programs.backend) as session:
        ended = await session.run(visible)
    with noting_end(ended, f"{codex_words(ended.error_output)}\n{transcript.error}".strip()):
        _refuse_unfinished(ended, transcript, door.trouble)
    kept, text = await asyncio.to_thread(keep_text_forms, visible, ended.tree)
    return Edited({**kept, **withheld}, transcript.answer, tally=transcript.tally, text=text)


def _refuse_unfinished(ended: Ended, transcript: Transcript, trouble: PageWrightError | None) -> None:
    """Raise why the edit did not come to its own end; half an edit is no edit."""
    if trouble and ended.limit == "time":
        raise _of_model(trouble)  # it was waited for until there was no time left
    check_limit(ended.limit, "The edit", "Ask for a smaller change, or for one step at a time.")
    if transcript.completed and ended.exit_code == 0:
        return
    if trouble:
        raise _of_model(trouble)
    raise BadGateway(
        "The agent stopped before it was done.", "Try again; if it happens again, tell the operator of this site."
    )


def _of_model(trouble: PageWrightError) -> PageWrightError:
    """The trouble as the model's own: what its daemon answered would be answered to another worker too."""
    if trouble.status < 500 or isinstance(trouble, ModelUnreachable):
        return trouble
    return BadGateway(trouble.detail, trouble.hint)
