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


def refusal(line: bytes) -> str | None:
    """What Codex said to a call that it refused, if this line of stderr is about one."""
    entry = _REFUSED.match(line.decode(errors="replace"))
    return entry[1] if entry and not entry[1].startswith(_NO_REFUSALS) else None


def unfit_file(refusal: str) -> str | None:
    """The site's file that a patch did not fit, if that was the reason."""
    found = _UNFIT.match(refusal)
    return found[1] if found else None
