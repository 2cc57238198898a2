"""The report of an import: the sandbox sends it as hostile data, and the worker turns it into sentences."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Annotated, Self

from pydantic import ConfigDict, Field, StringConstraints

from daemons.worker.importing.root import Reason
from shared.domain.manifest import Check, CheckStatus
from shared.domain.vocabulary import Record

_LISTED = 20
_IN_ANSWER = 3

_Text = Annotated[str, StringConstraints(max_length=300)]


class Topic(StrEnum):
    """What a note is about; each topic has a sentence, and is a warning or not."""

    OUTSIDE = "outside"
    SERVER_FILES = "server files"
    GENERATED = "generated"
    BASE_PATH = "base path"
    NO_HOME = "no home"
    HIDDEN = "hidden"
    LEADING_OUT = "leading out"
    DANGLING = "dangling"
    TWINS = "twins"
    LONE_TWINS = "lone twins"
    COMPOSED = "composed"
    RENAMED = "renamed"
    MENDED = "mended"
    FOLLOWED = "followed"
    TEXT_DOWNLOADS = "text downloads"
    TOOLS = "tools"


# The sentence before the names, and whether an owner should act on it or know it before publishing.
_WORDING: dict[Topic, tuple[str, bool]] = {
    Topic.OUTSIDE: ("Left out, because beside the folder that became the site", True),
    Topic.SERVER_FILES: ("Settings of other web servers, not published and not in effect here", True),
    Topic.GENERATED: ("Made by a program", True),
    Topic.BASE_PATH: ("Addresses that expect another place", True),
    Topic.NO_HOME: ("No home page: visitors of the site's address find nothing until there is an index.html", True),
    Topic.HIDDEN: ("Left out, because hidden", True),
    Topic.LEADING_OUT: (
        "Left out, because links that lead out of the archive (`tar -h` packs what they point at)",
        True,
    ),
    Topic.DANGLING: ("Left out, because links that lead nowhere", True),
    Topic.LONE_TWINS: (
        "Left out, because compressed while the file itself is missing (unpack it and import again)",
        True,
    ),
    Topic.TWINS: ("Left out, because compressed copies, which PageWright makes itself", False),
    Topic.COMPOSED: ("Names whose accents were put together, as browsers write them", False),
    Topic.RENAMED: ("Renamed", False),
    Topic.MENDED: ("Addresses of renamed files changed in", False),
    Topic.FOLLOWED: ("Links replaced by what they point at", False),
    Topic.TEXT_DOWNLOADS: ("Programs, which visitors can download as text and nothing runs here", False),
    Topic.TOOLS: ("Left out, because left there by tools and operating systems", False),
}


class Note(Record):
    """Some files or facts of one topic: the first names, and how many there are."""

    model_config = ConfigDict(strict=True)

    topic: Annotated[Topic, Field(strict=False)]
    count: Annotated[int, Field(ge=1, lt=10**6)]
    names: Annotated[tuple[_Text, ...], Field(max_length=_LISTED, strict=False)]

    @classmethod
    def about(cls, topic: Topic, names: Iterable[str]) -> Iterator[Self]:
        """A note about these names, or none if there are none."""
        found = sorted(names)
        if found:
            yield cls(topic=topic, count=len(found), names=tuple(name[:300] for name in found[:_LISTED]))


class ImportReport(Record):
    """What became of an archive. `root` is the folder in it that became the site ("": all of it)."""

    model_config = ConfigDict(strict=True)

    files: Annotated[int, Field(ge=0, lt=10**6)]
    root: Annotated[str, StringConstraints(max_length=512)]
    reason: Annotated[Reason, Field(strict=False)]
    notes: Annotated[tuple[Note, ...], Field(max_length=len(Topic), strict=False)]

    def answer(self) -> str:
        """The short form, which the owner reads in the chat."""
        files = "1 file" if self.files == 1 else f"{self.files:,} files"
        lines = [f"Your site is imported: {files}.", *self._root_line()]
        return "\n".join([*lines, *(_sentence(note, _IN_ANSWER) for note in self.notes if note.topic not in _DETAILS)])

    def check(self) -> Check:
        """The whole report, for the version's record."""
        findings = (*self._root_line(), *(_sentence(note, _LISTED) for note in self.notes))
        warning = any(_matters(note) for note in self.notes)
        return Check(
            name="import", status=CheckStatus.WARNING if warning else CheckStatus.PASSED, findings=tuple(findings)
        )

    def _root_line(self) -> Iterator[str]:
        if self.root:
            yield f"Folder kept: {_printable(self.root)}/ ({_REASONS[self.reason]})."


_REASONS = {
    Reason.TOP: "it holds everything, with the home page at its top",
    Reason.ONLY: "it holds the only home page",
    Reason.BUILT: "it is the finished site beside its sources",
    Reason.ASKED: "as you said",
}


# Topics that the chat leaves out, and topics that it must not cut.
_DETAILS = frozenset((Topic.TOOLS, Topic.MENDED))
_WHOLE = frozenset((Topic.GENERATED, Topic.SERVER_FILES))


def _matters(note: Note) -> bool:
    return _WORDING[note.topic][1]


def _sentence(note: Note, most: int) -> str:
    """`Left out, because hidden: .a, .b and 3 more.`"""
    names = [_printable(name) for name in note.names[: _LISTED if note.topic in _WHOLE else most]]
    more = f" and {note.count - len(names):,} more" if note.count > len(names) else ""
    between = "; " if note.topic is Topic.GENERATED else ", "
    listed = f": {between.join(names)}{more}" if names else ""
    return f"{_WORDING[note.topic][0]}{listed}."


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
