"""Notes on an error how the sandboxed program ended that caused it: for the journal, never for the person.

A program's stderr may quote the site, and no line of the journal may. So only what the program says about itself is
taken from it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from daemons.worker.codex.refusals import ENTRY
from daemons.worker.sandbox.run_result import RunResult
from daemons.worker.sandbox.streams import ERROR_BYTES
from shared.domain.errors import PageWrightError

_MOST_CHARACTERS = 500
_PYTHON_ERROR = re.compile(r"^[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit)\b", re.MULTILINE)


@contextmanager
def exit_diagnostics(ended: RunResult, diagnostics: str) -> Iterator[None]:
    """Add the limit or exit code, and `diagnostics`, to the notes of an error raised inside."""
    try:
        yield
    except PageWrightError as error:
        how = f"limit {ended.limit}" if ended.limit else f"exit code {ended.exit_code}"
        error.add_note(f"{how}; {diagnostics[-_MOST_CHARACTERS:]!a}")
        raise


def codex_diagnostics(stderr: bytes) -> str:
    """What Codex logged, without the entries of its tools, which quote a patch that does not fit."""
    kept, quoting = [], len(stderr) >= ERROR_BYTES  # its beginning is cut off, so it may begin within a quotation
    for line in stderr.decode(errors="replace").splitlines():
        entry = ENTRY.match(line)
        if entry:
            quoting = "::tools::" in entry[1]
        if not quoting:
            kept.append(line)
    return "\n".join(kept)


def python_diagnostics(stderr: bytes) -> str:
    """The names of the exceptions that ended one of our own programs; their texts may quote a page."""
    return ", ".join(_PYTHON_ERROR.findall(stderr.decode(errors="replace")))
