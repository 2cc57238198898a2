"""Prepares the files of a request in a sandbox of their own, and takes only prepared files and facts out."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from pydantic import ValidationError

from daemons.worker.attachments.prepared_files import PreparedFile, PreparedFiles
from daemons.worker.exit_diagnostics import exit_diagnostics, python_diagnostics
from daemons.worker.limits import check_limit, check_limits
from daemons.worker.programs import Programs
from daemons.worker.sandbox.plan import Plan, RunLimits
from daemons.worker.sandbox.session import RunResult, open_session
from shared.domain.attachments import AttachedFile
from shared.domain.errors import InvalidInput, PageWrightError
from shared.runtime.settings import WorkerSettings

MEMORY_BYTES = 2 << 30  # enough for the largest picture that is decoded
_FOLDER = "prepared"


@dataclass
class _Lines:
    """What the program says, read line by line; it is not trusted."""

    attached: Sequence[AttachedFile]
    say: Callable[[str], None]
    prepared: list[PreparedFile] = field(default_factory=list)
    problem: PageWrightError | None = None

    def read(self, line: bytes) -> None:
        """Take one line. Ignores what it does not understand: then a file is missing at the end."""
        try:
            told = json.loads(line)
            if "file" in told and len(self.prepared) < len(self.attached):
                self._take(PreparedFile.model_validate(told["file"]))
            elif "problem" in told:
                self.problem = self._as_error(str(told["problem"]["why"])[:300], str(told["problem"]["hint"])[:300])
        except (ValidationError, ValueError, LookupError, TypeError, RecursionError):
            return

    def _take(self, file: PreparedFile) -> None:
        name = self._current()
        self.prepared.append(file)
        self.say(f"Prepared {name}" + (f": it {', '.join(file.notes)}" if file.notes else ""))

    def _current(self) -> str:
        return self.attached[len(self.prepared)].name

    def _as_error(self, why: str, hint: str) -> InvalidInput:
        told = "".join(character for character in f"{self._current()} {why}." if character.isprintable())
        hint = hint or "Save it anew and attach it again."
        return InvalidInput(told.encode(errors="replace").decode(), hint.encode(errors="replace").decode())

    def unfinished(self) -> InvalidInput:
        """The error for a file on which the program ended."""
        return self._as_error("could not be read", "Save it in another format, such as JPEG, and attach that.")


async def prepare_files(
    attached: Sequence[AttachedFile],
    contents: Sequence[bytes],
    *,
    settings: WorkerSettings,
    programs: Programs,
    say: Callable[[str], None],
) -> PreparedFiles:
    """The files, ready for the site. Raises InvalidInput or TooLarge with what is wrong with one of them."""
    lines = _Lines(attached, say)
    plan = Plan(
        argv=programs.python("daemons.worker.attachments.program"),
        env=programs.python_environment,
        programs=programs.python_mounts,
        limits=preparation_limits(settings),
        collect=_FOLDER,
        warm=True,
    )
    names = json.dumps([file.name for file in attached]).encode()
    workspace = {"names.json": names, **{str(number): data for number, data in enumerate(contents)}}
    async with open_session(plan, on_line=lines.read, backend=programs.backend) as session:
        ended = await session.run(workspace)
    with exit_diagnostics(ended, python_diagnostics(ended.error_output)):
        _refuse(ended, lines)
    return PreparedFiles(tuple(zip(attached, lines.prepared, strict=True)), ended.tree)


def preparation_limits(settings: WorkerSettings) -> RunLimits:
    """What the preparation may use: less memory than an edit, and room for the files as they came."""
    limits = check_limits(settings)
    return replace(limits, memory_bytes=min(limits.memory_bytes, MEMORY_BYTES))


def _refuse(ended: RunResult, lines: _Lines) -> None:
    """Raise the error if not every file is there as it was told."""
    check_limit(ended.limit, "Preparing the attached files", "Attach fewer or smaller files.")
    if lines.problem:
        raise lines.problem
    told = {file.path: file.bytes for file in lines.prepared}
    came = {path: len(data) for path, data in ended.tree.items() if not path.startswith("look/")}
    looks = {file.look for file in lines.prepared if file.look}
    if len(lines.prepared) != len(lines.attached) and len(lines.prepared) < len(lines.attached):
        raise lines.unfinished()
    if told != came or not looks <= ended.tree.keys():
        raise InvalidInput("The attached files could not be prepared.", "Attach them again.")
