"""The practice model's answer to the question what a request concerns: what its own instructions would change."""

from html import escape

from daemons.model.practice.editor.website import CannotDo, Website, slug
from daemons.model.practice.grammar import read_message
from daemons.model.practice.instructions import (
    AddPage,
    ChangeColour,
    ChangeLink,
    Instruction,
    PutAttached,
    RemovePage,
    ReplaceFile,
    ReplaceText,
)
from shared.domain.model_questions import ScopeAnswer, ScopeQuestion
from shared.domain.scope import Concern

_UNKNOWN = ScopeAnswer(everywhere=False, pages=(), parts=(), kinds=())


def scope_answer(question: ScopeQuestion) -> ScopeAnswer:
    """What the request concerns; nothing if a part of it means nothing to the practice model, or may be anywhere."""
    understood = read_message(question.message)
    asked = understood.instructions
    site = Website({page.path: f"<title>{escape(page.title)}</title>" for page in question.pages})
    pages = [_page(one, site) for one in asked]
    everywhere = any(isinstance(one, ChangeColour) for one in asked)
    if understood.unknown or not asked or not (everywhere or all(pages)):
        return _UNKNOWN
    return ScopeAnswer(
        everywhere=everywhere,
        pages=() if everywhere else tuple(dict.fromkeys(filter(None, pages))),
        parts=(),
        kinds=tuple(dict.fromkeys(map(_kind, asked))),
    )


def _page(instruction: Instruction, site: Website) -> str | None:
    """The page that an instruction changes, None if that is not known."""
    match instruction:
        case AddPage(title=title):
            return f"{slug(title)}.html"
        case ChangeColour() | ReplaceFile():
            return None
        case ReplaceText(page=None) | ChangeLink(page=None):
            return None
    try:
        return site.page(instruction.page)
    except CannotDo:
        return None


def _kind(instruction: Instruction) -> Concern:
    match instruction:
        case AddPage() | RemovePage():
            return Concern.PAGE
        case ChangeColour():
            return Concern.STYLE
        case ChangeLink():
            return Concern.LINK
        case PutAttached() | ReplaceFile():
            return Concern.FILE
        case _:
            return Concern.TEXT
