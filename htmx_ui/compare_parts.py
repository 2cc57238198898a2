"""Two versions of one page beside each other: frozen values, ready to be shown."""

from dataclasses import dataclass, field
from typing import ClassVar

from htmx_ui import links
from htmx_ui.change_parts import ToldChange
from htmx_ui.contexts import Context
from shared.domain.visible_changes import Box

VIEWS = ("slider", "side", "overlay")


@dataclass(frozen=True)
class ComparedVersion:
    """One of the two; `picture` is None if there is none of the page, which this version may not have (`has_page`)."""

    number: int
    picture: str | None
    has_page: bool
    is_public: bool = False
    is_newest: bool = False


@dataclass(frozen=True)
class Mark:
    """One change of the page, and where it is seen in the earlier and in the later picture."""

    change: ToldChange
    before: Box | None = None
    after: Box | None = None


@dataclass(frozen=True, kw_only=True)
class ComparePage(Context):
    """Two versions of one page; `marks` are None if nobody compared these two, and all of them only if `is_whole`."""

    template: ClassVar[str] = "compare.html"
    name: str
    title: str
    page: str
    pages: tuple[str, ...]
    earlier: ComparedVersion
    later: ComparedVersion
    newest: int
    width: str
    view: str
    across: int
    marks: tuple[Mark, ...] | None
    is_whole: bool
    views: tuple[str, ...] = field(default=VIEWS)

    def address(self, **other: object) -> str:
        """The address of this page with something else chosen."""
        chosen = {"earlier": self.earlier.number, "later": self.later.number, "page": self.page}
        return links.compare(self.name, **(chosen | {"width": self.width, "view": self.view} | other))

    @property
    def has_both(self) -> bool:
        """Whether there is a picture of each."""
        return bool(self.earlier.picture and self.later.picture)
