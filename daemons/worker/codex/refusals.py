"""Finds refused tool calls in the log that Codex writes to stderr, because it prints no event for them.

Codex 0.169 refuses: a tool that it does not know, `apply_patch` as a function, arguments that are not JSON, a command
that it forbids, a patch that does not fit. Its router logs one entry for each.
"""

import re

ENTRY = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z +[A-Z]+ (\S+)")
_REFUSED = re.compile(ENTRY.pattern.replace(r"(\S+)", r"codex_core::tools::router: error=(.*)"))
# A tool that ran has an event, too; asking a question and viewing a missing picture are no attempts to change a site.
_NO_REFUSALS = ("Exit code:", "request_user_input is unavailable", "unable to locate image")
_UNFIT = re.compile(r"apply_patch verification failed: .*? /ws/(.+?)(?::|$)")


def refusal(line: bytes) -> str | None:
    """Why Codex refused a call, if this line of stderr is about a refused call, else None."""
    entry = _REFUSED.match(line.decode(errors="replace"))
    return entry[1] if entry and not entry[1].startswith(_NO_REFUSALS) else None


def unfit_file(refusal: str) -> str | None:
    """The site's file that the patch did not fit, if that was the reason, else None."""
    found = _UNFIT.match(refusal)
    return found[1] if found else None
