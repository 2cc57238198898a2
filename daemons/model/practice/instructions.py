"""What the practice model can be told to do, as values; `action` names the editor's function, fields its arguments."""

from typing import Literal

from shared.domain.vocabulary import Record

ColouredPart = Literal["background", "text", "accent"]


class ReplaceText(Record):
    """Replace a text on one page, or on all."""

    action: Literal["replace_text"] = "replace_text"
    old: str
    new: str
    page: str | None


class SetTitle(Record):
    """Set a page's title; without a page, the home page's."""

    action: Literal["set_title"] = "set_title"
    text: str
    page: str | None


class SetHeadline(Record):
    """Set a page's headline; without a page, the home page's."""

    action: Literal["set_headline"] = "set_headline"
    text: str
    page: str | None


class ChangeColour(Record):
    """Set a colour everywhere; `colour` is safe CSS."""

    action: Literal["change_colour"] = "change_colour"
    part: ColouredPart
    colour: str


class AddPage(Record):
    """Add a page and link it in the navigation."""

    action: Literal["add_page"] = "add_page"
    title: str
    text: str


class RemovePage(Record):
    """Remove a page and the links to it."""

    action: Literal["remove_page"] = "remove_page"
    page: str


class AddSection(Record):
    """Add a section at the end of a page."""

    action: Literal["add_section"] = "add_section"
    heading: str
    text: str
    page: str | None


class ChangeLink(Record):
    """Let the links with this text lead elsewhere."""

    action: Literal["change_link"] = "change_link"
    label: str
    address: str
    page: str | None


class PutAttached(Record):
    """Put the attached files on a page; without a page, the home page."""

    action: Literal["put_attached"] = "put_attached"
    page: str | None


class ReplaceFile(Record):
    """Let an attached file take the place of a file of the site."""

    action: Literal["replace_file"] = "replace_file"
    old: str


Instruction = (
    ReplaceText
    | SetTitle
    | SetHeadline
    | ChangeColour
    | AddPage
    | RemovePage
    | AddSection
    | ChangeLink
    | PutAttached
    | ReplaceFile
)


class Understood(Record):
    """A message, read: what to do in order, and the sentences that mean nothing to us."""

    instructions: tuple[Instruction, ...] = ()
    unknown: tuple[str, ...] = ()
