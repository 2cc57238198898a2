"""A task of the benchmark: what an owner writes, the edit that does just that, and what has to be there afterwards."""

import html
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from bench.keep.edits import SiteEdit
from bench.keep.markup import parts, visible_text
from shared.domain.tree import Tree


class TaskKind(StrEnum):
    """The twelve requests that each site gets."""

    HOURS = "hours"
    PRICE = "price"
    PHOTO = "photo"
    DOCUMENT = "document"
    NOTICE = "notice"
    MENU = "menu"
    LANGUAGE = "language"
    PERSON = "person"
    LINK = "link"
    TYPO = "typo"
    YEAR = "year"
    IMPOSSIBLE = "impossible"


class Holds(StrEnum):
    """What an assertion says of a page or file."""

    TEXT = "has the text"
    NO_TEXT = "has no text"
    LINK = "has a link to"
    NO_LINK = "has no link to"
    ALT = "has a picture with the alt text"
    BYTES = "has the bytes"


@dataclass(frozen=True)
class Assertion:
    """What must be so when the request is done; `path` is a page of the site, empty for one that is new."""

    path: str
    holds: Holds
    value: str | bytes


@dataclass(frozen=True)
class Task:
    """One request to one site.

    `attached` are files that the owner sends with it. On the `free` pages the editor chooses the place of what is put
    in; with `adds_page` it chooses the name of a new page.
    """

    site: str
    kind: TaskKind
    request: str
    edit: SiteEdit
    assertions: tuple[Assertion, ...] = ()
    attached: dict[str, bytes] = field(default_factory=dict[str, bytes])
    free: frozenset[str] = frozenset()
    adds_page: bool = False

    @property
    def name(self) -> str:
        return f"{self.site},{self.kind}"

    def oracle(self, tree: Tree) -> Tree:
        """The site as it should be afterwards."""
        return self.edit.apply(tree)


def missing(task: Task, before: Tree, after: Tree) -> Iterator[str]:
    """What of a task is not done."""
    for one in task.assertions:
        paths = [one.path] if one.path else sorted(path for path in after.keys() - before.keys())
        if not any(_is_so(one, after[path]) for path in paths if path in after):
            yield f"{one.path or 'a new page'} {one.holds} {one.value!r}"


def _is_so(assertion: Assertion, data: bytes) -> bool:
    value = assertion.value
    if isinstance(value, bytes):
        return data == value
    match assertion.holds:
        case Holds.TEXT | Holds.NO_TEXT:
            return (" ".join(html.unescape(value).split()) in visible_text(data)) is (assertion.holds is Holds.TEXT)
        case Holds.LINK | Holds.NO_LINK:
            leads = any(one.name == "a" and one.value("href") == value for one in parts(data))
            return leads is (assertion.holds is Holds.LINK)
        case _:
            return any(one.name == "img" and one.value("alt") == value for one in parts(data))
