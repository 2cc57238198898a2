"""The words of the pages that stand in no template: how states, times, checks and changes are said to a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from htmx_ui.difference_parts import FileCount
from htmx_ui.languages import LANGUAGES, Texts, Unit, texts_of
from htmx_ui.parts import Turn, VersionView
from htmx_ui.sentences import Sentences
from shared.domain.forwarding import Forward
from shared.domain.job_outcome import JobOutcome
from shared.domain.manifest import CheckStatus
from shared.domain.problem_changes import ProblemChanges
from shared.domain.vocabulary import JobKind, Phase


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for a text that is translated when it is shown
    """Mark a text for `make texts`."""
    return text


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802 - the same for a text with a number
    """Mark a text and its plural for `make texts`."""
    return one, many


PHASES = {
    Phase.FETCHING: N_("Opening your site"),
    Phase.EDITING: N_("Making the change"),
    Phase.BUILDING: N_("Building the pages"),
    Phase.CHECKING: N_("Checking every page"),
    Phase.PACKAGING: N_("Packing the files"),
    Phase.COMMITTING: N_("Saving the new version"),
}
ORIGINS = {
    JobKind.CREATE: N_("Created from a template"),
    JobKind.IMPORT: N_("Imported"),
    JobKind.RESTORE: N_("Continued from an earlier version"),
}
# What an owner calls the checks; a check of another release that is not here keeps its name.
CHECKS = {
    "home page": N_("Home page"),
    "pages": N_("Pages that open"),
    "content": N_("Text of the pages"),
    "console": N_("Scripts"),
    "requests": N_("Files that pages load"),
    "links": N_("Links"),
    "anchors": N_("Places that links lead to"),
    "images": N_("Pictures"),
    "alternative text": N_("Descriptions of pictures"),
    "picture quality": N_("Size of pictures"),
    "structure": N_("Title, language and headlines"),
    "search engines": N_("What search engines read"),
    "width": N_("Width on phones"),
    "narrow screens": N_("Width on small phones"),
    "accessibility": N_("For people with impairments"),
    "markup": N_("Faults in the pages’ code"),
    "forms": N_("Forms"),
    "mixed content": N_("Content without encryption"),
    "weight": N_("How much pages load"),
    "missing page": N_("Page for wrong addresses"),
    "other sites": N_("Content from other websites"),
    "coverage": N_("What was not looked at"),
    "changes": N_("What changed"),
    "comparison": N_("What could not be compared"),
    "scope": N_("What you asked for"),
    "unasked": N_("Changed though nobody asked"),
    "asked": N_("Asked for and not done"),
    "repair": N_("Mended by itself"),
    "encoding": N_("Letters and line ends"),
    "base": N_("Made from an older version"),
    "agent": N_("Steps that did not work"),
    "import": N_("What became of your files"),
}
RESULTS = {
    CheckStatus.PASSED: N_("no problems found"), CheckStatus.WARNING: N_("worth a look"),
    CheckStatus.FAILED: N_("problems found"),
}  # fmt: skip
# How a request ended, in the browser's title.
OUTCOMES = {
    JobOutcome.CHANGED: N_("Changed"), JobOutcome.UNCHANGED: N_("Nothing was changed"),
    JobOutcome.FAILED: N_("Not done"), JobOutcome.CANCELLED: N_("Stopped"),
}  # fmt: skip
CHANGES = {"added": N_("new"), "modified": N_("changed"), "removed": N_("removed")}
# Kinds of files that are no pages.
KINDS = {
    "picture": NN_("%(num)s picture", "%(num)s pictures"),
    "style sheet": NN_("%(num)s style sheet", "%(num)s style sheets"),
    "script": NN_("%(num)s script", "%(num)s scripts"),
    "document": NN_("%(num)s document", "%(num)s documents"),
    "other file": NN_("%(num)s other file", "%(num)s other files"),
}
# How long the address that a site had leads to its new one.
FORWARDS = {
    Forward.MONTH: N_("For 30 days"), Forward.QUARTER: N_("For 90 days"), Forward.YEAR: N_("For a year"),
    Forward.EVER: N_("For ever"), Forward.NONE: N_("Not at all"),
}  # fmt: skip
EXAMPLES = (
    N_("Make the headline warmer and shorter"),
    N_("Change our opening hours to 8 to 16"),
    N_("Add a page about our team"),
)
# The practice model understands these and a few more, in English alone; a test asks its grammar.
PRACTICE_REQUESTS = (
    'Change the headline of the home page to "Fresh every morning"',
    "Change the background colour to light blue",
    'Add a page "Menu" with the text "Soup of the day"',
    "Change the accent colour to dark green",
    "help",
)
_UNITS: tuple[tuple[int, Unit], ...] = (
    (86400 * 365, "year"), (86400 * 30, "month"), (86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"),
)  # fmt: skip
_PAGES = (".html", ".htm")


@dataclass(frozen=True)
class Wording:
    """The words in one language."""

    texts: Texts
    sentences: Sentences
    phases = tuple(PHASES)
    forwards = FORWARDS
    # So many are named in a list; the others are counted.
    pages_named = 8
    problems_named = 5
    changes_named = 5

    def told(self, sentence: str) -> str:
        """A sentence of ours, of the api or of another daemon, in this language if it is known."""
        words = self.texts.gettext(sentence)
        return words if words != sentence else self.sentences.told(sentence)

    def relative_time(self, at: datetime, now: datetime) -> str:
        """A moment as a person says it: `just now`, `5 minutes ago`, `2 days ago`."""
        seconds = (now - at).total_seconds()
        if seconds < 60:
            return self.texts.gettext(N_("just now"))
        return self._length(seconds, ago=True)

    def duration(self, seconds: float) -> str:
        """A length of time as a person says it: `0 seconds`, `12 seconds`, `5 minutes`."""
        return self._length(seconds)

    def _length(self, seconds: float, *, ago: bool = False) -> str:
        size, unit = next((one for one in _UNITS if seconds >= one[0]), _UNITS[-1])
        return self.texts.length(int(max(seconds, 0) // size), unit, ago=ago)

    def file_size(self, size: int) -> str:
        """Bytes as a person says them: `900 B`, `12 KB`, `3.4 MB`, `120 GB`."""
        if size < 1000:
            return f"{size} B"
        if size < 1_000_000:
            return f"{round(size / 1000)} KB"
        power, unit = next((power, unit) for power, unit in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB")) if size >= power)
        return f"{self.texts.number(float(f'{size / power:.3g}'))} {unit}"

    def page_title(self, path: str) -> str:
        """A page's path as a choice in a list: `index.html` is `Home`, `writing/my-day.html` is `Writing / My day`."""
        stem = path.removesuffix(".html").removesuffix(".htm")
        if stem == "index":
            return self.texts.gettext(N_("Home"))
        parts = stem.removesuffix("/index").split("/")
        return " / ".join(part[:1].upper() + part[1:].replace("-", " ") for part in parts)

    def asked(self, kind: JobKind, message: str) -> str:
        """What somebody asked for, in their own words; what a page asked for them is told in this language."""
        if not message:
            return self.texts.gettext(ORIGINS.get(kind, ""))
        return message if kind is JobKind.EDIT else self.told(message)

    def phase(self, phase: Phase | None) -> str:
        """What happens with a request right now."""
        return self.texts.gettext(PHASES[phase] if phase else N_("Starting"))

    def outcome(self, turn: Turn, *, asks: bool) -> str:
        """How a request ended, or that it asks, in as few words as fit a title."""
        if asks or (turn.error and turn.error.choices):
            return self.texts.gettext(N_("A question for you"))
        return self.texts.gettext(OUTCOMES[turn.outcome]) if turn.outcome else ""

    def check(self, name: str) -> str:
        """What an owner calls a check."""
        return self.texts.gettext(CHECKS.get(name, name))

    def result(self, status: CheckStatus) -> str:
        """How one check went."""
        return self.texts.gettext(RESULTS[status])

    def change(self, kind: str) -> str:
        """What happened to a file."""
        return self.texts.gettext(CHANGES.get(kind, kind))

    def file_counts(self, files: Sequence[FileCount]) -> str:
        """Files that are no pages: `2 pictures, 1 style sheet`."""
        kinds = [(KINDS.get(of.kind, KINDS["other file"]), of.number) for of in files]
        return ", ".join(self.texts.ngettext(one, many, number) for (one, many), number in kinds)

    def changed(self, files: Sequence[tuple[str, str]]) -> str:
        """What a version changed: `Home page changed`, `3 pages changed`, `2 files changed`, `No file changed`."""
        pages = [path for _, path in files if path.endswith(_PAGES)]
        if pages == ["index.html"]:
            return self.texts.gettext(N_("Home page changed"))
        if len(pages) == 1:
            return self.texts.gettext(N_("Page “%(page)s” changed")).replace("%(page)s", self.page_title(pages[0]))
        if pages:
            return self.texts.ngettext("%(num)s page changed", "%(num)s pages changed", len(pages))
        if files:
            return self.texts.ngettext("%(num)s file changed", "%(num)s files changed", len(files))
        return self.texts.gettext(N_("No file changed"))

    def at_least(self, counted: str, is_cut: bool) -> str:
        """A number of things, where others may be only counted: `2 new problems`, `at least 20 new problems`."""
        return self.texts.gettext(N_("at least %(counted)s")).replace("%(counted)s", counted) if is_cut else counted

    def new_problems(self, problems: ProblemChanges) -> str:
        """How many problems are new: `2 new problems`, `at least 20 new problems`."""
        counted = self.texts.ngettext("%(num)s new problem", "%(num)s new problems", len(problems.new))
        return self.at_least(counted, bool(problems.unlisted))

    def found(self, version: VersionView) -> str:
        """What the checks found of a change; that there is no problem is said only of what was looked at."""
        problems = version.problems
        if problems.new:
            return self.new_problems(problems)
        if not version.checks:
            return self.texts.gettext(N_("nothing was checked"))
        if not version.is_checked_whole:
            return self.texts.gettext(N_("no new problems in what was looked at"))
        return self.texts.gettext(N_("no new problems") if problems.old else N_("no problems found"))


def words_of(language: str) -> Wording:
    """The words in one of LANGUAGES."""
    return Wording(texts_of(language), Sentences.of(language))


# For what the api says of the system in English, before it is told in another language.
ENGLISH = words_of(LANGUAGES[0])


def person(author: str) -> str:
    """Whoever wrote, as short as it is clear: the part of an address before the @."""
    return author.partition("@")[0] or author
