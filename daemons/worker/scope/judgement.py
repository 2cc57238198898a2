"""Judges each change of a version: asked for, following from what was asked, unasked, or doubtful; pure.

An honest change must not be called unasked, so each rule needs two signs: it is outside of what the request concerns,
and no word of the request explains it.
"""

from collections.abc import Iterable, Iterator, Sequence

from daemons.worker.scope.edit_facts import FEW_PARTS, PAGES, STYLES, Edit
from daemons.worker.scope.evidence import Explained
from daemons.worker.scope.words import words
from shared.domain.file_kinds import FileKind
from shared.domain.scope import Concern, ScopeSource
from shared.domain.visible_changes import ChangeOf, Verdict, VisibleChange

_HEAD = frozenset({ChangeOf.TITLE, ChangeOf.DESCRIPTION, ChangeOf.LANGUAGE})
_FILES = frozenset({ChangeOf.FILE_ADDED, ChangeOf.FILE_CHANGED, ChangeOf.FILE_REMOVED})
_LINKS = frozenset({"link", "item", "button"})
_SHARED = frozenset({"navigation", "header", "footer"})
_ORDER = (Verdict.UNASKED, Verdict.DOUBTFUL, Verdict.ASKED, Verdict.FOLLOWS)


def judged(edit: Edit) -> tuple[VisibleChange, ...]:
    """The changes with their verdicts, unasked ones first; one of pages inside and outside of the scope becomes two."""
    told = [one for change in edit.changes for one in _judged(edit, change)]
    return in_order(told)


def in_order(changes: Iterable[VisibleChange]) -> tuple[VisibleChange, ...]:
    """Judged changes as they are shown: unasked ones first, then doubtful ones."""
    return tuple(sorted(changes, key=lambda one: _ORDER.index(one.verdict or Verdict.ASKED)))


def _judged(edit: Edit, change: VisibleChange) -> Iterator[VisibleChange]:
    weight = edit.weights[change]
    if change.of in PAGES:
        yield _with(change, _of_page(edit, change, weight))
        return
    if change.of in _FILES:
        yield _with(change, _of_file(edit, change, weight))
        return
    inside, outside = _split(change, edit.concerned)
    if inside:
        yield _with(inside, _inside(edit, change, weight))
    if outside:
        yield _with(outside, _outside(edit, change, weight, is_inside_too=inside is not None))


def _with(change: VisibleChange, verdict: Verdict) -> VisibleChange:
    return change.model_copy(update={"verdict": verdict})


def _split(
    change: VisibleChange, concerned: frozenset[str] | None
) -> tuple[VisibleChange | None, VisibleChange | None]:
    """The change on pages that are concerned, and on others."""
    if concerned is None:
        return change, None
    inside = [page for page in change.pages if page in concerned]
    if not inside:
        return None, change
    if len(inside) == change.page_count:
        return change, None
    outside = [page for page in change.pages if page not in concerned]
    return _on(change, inside, len(inside)), _on(change, outside, change.page_count - len(inside))


def _on(change: VisibleChange, pages: Sequence[str], count: int) -> VisibleChange:
    regions = tuple(region for region in change.regions if region.page in pages)
    return change.model_copy(update={"pages": tuple(pages), "page_count": count, "regions": regions})


def _inside(edit: Edit, change: VisibleChange, weight: Explained) -> Verdict:
    """The verdict on a change of a page that the request concerns."""
    if change.of in STYLES:
        return _of_style(edit, change)
    if change.of in _HEAD:
        return Verdict.ASKED if weight else Verdict.FOLLOWS
    if weight > Explained.NAMED:
        is_loss = change.of is ChangeOf.REMOVED and not edit.request.asks_removal
        return Verdict.UNASKED if is_loss and _is_loss(edit, change, weight) else Verdict.ASKED
    if _leads_to_moved_page(edit, change):
        return Verdict.FOLLOWS
    if edit.is_of_style:
        return Verdict.UNASKED
    if change.of is ChangeOf.REMOVED and _is_loss(edit, change, weight):
        return Verdict.UNASKED
    if weight is Explained.NAMED and not _has_better(edit, change):
        return Verdict.ASKED
    return Verdict.DOUBTFUL if edit.is_explained or edit.is_beside_the_point else Verdict.ASKED


def _of_style(edit: Edit, change: VisibleChange) -> Verdict:
    """The verdict on a style; one that changes with the parts around, such as stripes of a table, follows."""
    kinds = edit.request.kinds
    if not kinds or Concern.STYLE in kinds or edit.request.is_broad:
        return Verdict.ASKED
    if not edit.styles_files:
        return Verdict.FOLLOWS
    is_known = not edit.is_unnamed and edit.is_explained
    return Verdict.UNASKED if is_known else Verdict.DOUBTFUL


def _is_loss(edit: Edit, change: VisibleChange, weight: Explained) -> bool:
    """Whether parts are gone that the request does not name, and nothing came in their place."""
    if (
        edit.request.is_broad
        or not (edit.is_explained or edit.is_beside_the_point)
        or (weight <= Explained.NAMED and edit.is_replaced)
    ):
        return False
    if edit.request.asks_removal:
        return change.parts > FEW_PARTS
    return change.parts > FEW_PARTS if weight > Explained.NAMED else True


def _has_better(edit: Edit, change: VisibleChange) -> bool:
    """Whether the request's words explain another change of this kind, so that naming the kind was meant for that."""
    return any(
        weight is Explained.MUCH and (other.of, other.what) == (change.of, change.what)
        for other, weight in edit.weights.items()
        if other is not change
    )


def _outside(edit: Edit, change: VisibleChange, weight: Explained, *, is_inside_too: bool) -> Verdict:
    """The verdict on a change of pages that the request does not concern."""
    is_same_file = change.of is ChangeOf.PICTURE and change.before == change.after and is_inside_too
    if is_same_file or _leads_to_moved_page(edit, change):
        return Verdict.FOLLOWS
    if edit.is_unnamed:
        if change.of in STYLES and Concern.STYLE in edit.request.kinds:
            return Verdict.ASKED
        return Verdict.ASKED if weight > Explained.NAMED else Verdict.DOUBTFUL
    if change.of in STYLES:
        return Verdict.UNASKED if edit.styles_files else Verdict.FOLLOWS
    if weight is Explained.MUCH and edit.scope.source is not ScopeSource.OWNER:
        if not edit.named:
            return Verdict.ASKED
        return Verdict.DOUBTFUL if is_inside_too or _is_done(edit) else Verdict.UNASKED
    return Verdict.UNASKED


def _is_done(edit: Edit) -> bool:
    """Whether a page that the request names changed as it says."""
    return any(weight and not edit.named.isdisjoint(change.pages) for change, weight in edit.weights.items())


def _leads_to_moved_page(edit: Edit, change: VisibleChange) -> bool:
    """Whether it is a link, or what stands around one, that has to follow a page that came, went or got a name."""
    is_link = change.what in _LINKS or change.of is ChangeOf.TARGET or change.where == "navigation"
    few = sum(1 for one in edit.changes if one.of in PAGES) + 1
    return edit.moves_pages and is_link and change.parts <= few


def _of_page(edit: Edit, change: VisibleChange, weight: Explained) -> Verdict:
    """The verdict on a page that came or went."""
    request = edit.request
    [path] = change.pages
    names = words(f"{change.named} {path}")
    is_named = weight > Explained.NAMED or path in edit.scope.pages or any(name in request.words for name in names)
    if change.of is ChangeOf.PAGE_ADDED:
        if request.asks_page or is_named or Concern.PAGE in edit.scope.kinds:
            return Verdict.ASKED
        return Verdict.DOUBTFUL if edit.is_unnamed or request.is_broad else Verdict.UNASKED
    if is_named and (request.asks_removal or request.asks_page):
        return Verdict.ASKED
    return Verdict.DOUBTFUL if request.asks_removal or request.is_broad else Verdict.UNASKED


def _of_file(edit: Edit, change: VisibleChange, weight: Explained) -> Verdict:
    """The verdict on a file that is no page: a new one harms nothing, a lost or replaced one may."""
    kinds = edit.request.kinds
    if weight > Explained.NAMED or any(word in edit.request.words for word in words(change.named.rpartition(".")[0])):
        return Verdict.ASKED
    if change.of is ChangeOf.FILE_ADDED or edit.moves_pages:
        return Verdict.FOLLOWS
    if change.what in (FileKind.STYLE, FileKind.SCRIPT):
        return Verdict.ASKED if not kinds or Concern.STYLE in kinds else Verdict.DOUBTFUL
    if change.of is ChangeOf.FILE_REMOVED:
        return Verdict.DOUBTFUL if edit.request.asks_removal or Concern.PICTURE in kinds else Verdict.UNASKED
    wanted = Concern.FILE in kinds or Concern.PICTURE in kinds
    return Verdict.ASKED if wanted else Verdict.DOUBTFUL if edit.is_unnamed else Verdict.UNASKED


def pages_missed(edit: Edit, touched: Iterable[str]) -> tuple[str, ...]:
    """Pages that the request names and that did not change, in spite of other changes."""
    changed = {page for change in edit.changes for page in change.pages} | set(touched)
    return tuple(sorted(page for page in edit.named if page not in changed))
