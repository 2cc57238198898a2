"""How a sandboxed program ended, noted on the error that follows from it: for the journal, never for the person.

Stderr comes out of the sandbox and may quote a site, which no line of the journal may hold. So only what a program says
about itself is taken from it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from daemons.worker.codex.refusals import ENTRY
from daemons.worker.sandbox.judgement import Ended
from daemons.worker.sandbox.streams import ERROR_BYTES
from shared.domain.errors import PageWrightError

_MOST_CHARACTERS = 500
_PYTHON_ERROR = re.compile(r"^[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit)\b", re.MULTILINE)


@contextmanager
def noting_end(ended: Ended, words: str) -> Iterator[None]:
    """Add the limit or exit code, and the program's words, to the notes of an error inside."""
    try:
        yield
    except PageWrightError as error:
        how = f"limit {ended.limit}" if ended.limit else f"exit code {ended.exit_code}"
        error.add_note(f"{how}; {words[-_MOST_CHARACTERS:]!a}")
        raise


def codex_words(stderr: bytes) -> str:
    """What Codex logged, without the entries of its tools: a patch that does not fit is quoted there."""
    kept, quoting = [], len(stderr) >= ERROR_BYTES  # then its beginning is lost, and it may begin within a quotation
    for line in stderr.decode(errors="replace").splitlines():
        entry = ENTRY.match(line)
        if entry:
            quoting = "::tools::" in entry[1]
        if not quoting:
            kept.append(line)
    return "\n".join(kept)


def python_words(stderr: bytes) -> str:
    """The exceptions that ended one of our own programs, by name: their texts may be a page's."""
    return ", ".join(_PYTHON_ERROR.findall(stderr.decode(errors="replace")))
