"""How states, phases and times are said to a person; pure functions that templates use as filters."""

import re
from collections.abc import Sequence
from datetime import datetime

from htmx_ui.parts import FileCount, VersionView
from shared.domain.job_outcome import NOTHING_CHANGED
from shared.domain.vocabulary import JobKind, Phase

PHASES = {
    Phase.FETCHING: "Opening your site",
    Phase.EDITING: "Making the change",
    Phase.BUILDING: "Building the pages",
    Phase.CHECKING: "Checking every page",
    Phase.PACKAGING: "Packing the files",
    Phase.COMMITTING: "Saving the new version",
}
ORIGINS = {
    JobKind.CREATE: "Created from a template",
    JobKind.IMPORT: "Imported",
    JobKind.RESTORE: "Restored an earlier version",
}
# What a redirect may say on the next page: an address names the sentence, so that it can't bring its own.
NOTICES = {
    "published": "Published. Visitors see it now.",
    "rolled-back": "Rolled back. Visitors see the earlier version now.",
    "password-set": "Your password is set. Wherever else you were signed in, you are signed out.",
    "restoring": "The earlier version is being brought back.",
}
EXAMPLES = (
    "Make the headline warmer and shorter",
    "Change our opening hours to 8 to 16",
    "Add a page about our team",
)
# The practice model understands these and a few more; a test asks its grammar.
PRACTICE_REQUESTS = (
    'Change the headline of the home page to "Fresh every morning"',
    "Change the background colour to light blue",
    'Add a page "Menu" with the text "Soup of the day"',
    "Change the accent colour to dark green",
    "help",
)
# So many are named in a list; the others are counted.
PAGES_NAMED = 8
PROBLEMS_NAMED = 5
_HAPPENED = {"added": "new", "modified": "changed", "removed": "gone"}
_FIELD = re.compile(r" \(`[a-z_]+`\)")
_UNITS = ((86400 * 365, "year"), (86400 * 30, "month"), (86400, "day"), (3600, "hour"), (60, "minute"))


def relative_time(at: datetime, now: datetime) -> str:
    """A moment as a person says it: `just now`, `5 minutes ago`, `2 days ago`."""
    seconds = (now - at).total_seconds()
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{count(int(seconds // size), unit)} ago"
    return "just now"


def count(number: int, noun: str) -> str:
    """A number with its noun: `1 file`, `2 files`, `1 entry`, `2 entries`."""
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"
    return f"{number:,} {plural}"


def file_counts(files: Sequence[FileCount]) -> str:
    """Files that are no pages, in words: `2 new pictures, 1 new style sheet`."""
    return ", ".join(count(of.number, f"{_HAPPENED[of.change]} {of.kind}") for of in files)


def problem_count(number: int, noun: str, unlisted: int) -> str:
    """A number of problems, where others are only counted: `2 new problems`, `at least 20 new problems`."""
    return f"{'at least ' if unlisted else ''}{count(number, noun)}"


def problem_result(version: VersionView) -> str:
    """What the checks of a version say of the change: `no problems found`, `2 new problems`, `no new problems`."""
    problems = version.problems
    if problems.new:
        return problem_count(len(problems.new), "new problem", problems.unlisted)
    if not version.checks:
        return "nothing was checked"
    return "no new problems" if problems.old else "no problems found"


def duration(seconds: float) -> str:
    """A length of time as a person says it: `0 seconds`, `12 seconds`, `5 minutes`."""
    size, unit = next(((size, unit) for size, unit in _UNITS if seconds >= size), (1, "second"))
    return count(int(max(seconds, 0) // size), unit)


def file_size(size: int) -> str:
    """Bytes as a person says them: `900 B`, `12 KB`, `3.4 MB`, `120 GB`."""
    if size < 1000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{round(size / 1000)} KB"
    power, unit = next((power, unit) for power, unit in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB")) if size >= power)
    return f"{size / power:.3g} {unit}"


def page_title(path: str) -> str:
    """A page's path as a choice in a list: `index.html` is `Home`, `writing/my-day.html` is `Writing / My day`."""
    stem = path.removesuffix(".html").removesuffix(".htm")
    if stem == "index":
        return "Home"
    parts = stem.removesuffix("/index").split("/")
    return " / ".join(part[:1].upper() + part[1:].replace("-", " ") for part in parts)


def after_unchanged(answer: str) -> str:
    """What an answer says beside that nothing was changed, which the page says in a line of its own."""
    return answer.removeprefix(NOTHING_CHANGED).strip()


def without_fields(sentence: str) -> str:
    """A sentence of the API without the field that it names in brackets: a page has a button for it."""
    return _FIELD.sub("", sentence)


def person(author: str) -> str:
    """Whoever wrote, as short as it is clear: the part of an address before the @."""
    return author.partition("@")[0] or author
