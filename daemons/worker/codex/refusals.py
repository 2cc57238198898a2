"""Codex's own log on stderr: which calls of tools it refused. It prints no event for those.

Measured with Codex 0.169: a tool that it does not know, `apply_patch` as a function, arguments that are no JSON, a
command that it forbids, a patch that does not fit. Each is one entry of its router.
"""

import re

ENTRY = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z +[A-Z]+ (\S+)")
_REFUSED = re.compile(ENTRY.pattern.replace(r"(\S+)", r"codex_core::tools::router: error=(.*)"))
# A tool that has run has an event too; a question and a look at a picture that is not there are no attempts to change.
_NO_REFUSALS = ("Exit code:", "request_user_input is unavailable", "unable to locate image")
_UNFIT = re.compile(r"apply_patch verification failed: .*? /ws/(.+?)(?::|$)")


def refusals(stderr: bytes) -> list[str]:
    """What Codex said to each call that it refused; the earliest may be missing from the end of a long stderr."""
    found = (_REFUSED.match(line) for line in stderr.decode(errors="replace").splitlines())
    return [entry[1] for entry in found if entry and not entry[1].startswith(_NO_REFUSALS)]


def unfit_file(refusal: str) -> str | None:
    """The site's file that a patch did not fit, if that was the reason."""
    found = _UNFIT.match(refusal)
    return found[1] if found else None
