"""Puts the model's word about what a request concerns beside the request's own words; pure.

The model may have been led by a page, so it never takes anything from what the words say. Pages that they name stay;
it adds to them only what a word of the request calls by its name. Where they name nothing, it may name a few pages.
That every page is meant is for the words alone to say.
"""

from collections.abc import Sequence

from daemons.worker.checks.addresses import is_page
from daemons.worker.scope.named_pages import NamedPage
from daemons.worker.scope.request_words import RequestWords
from daemons.worker.scope.words import words
from shared.domain.errors import PageWrightError
from shared.domain.model_questions import ScopeAnswer
from shared.domain.scope import MOST_PAGES_CONCERNED, Scope, ScopeSource
from shared.domain.tree import check_path

_MOST_MEANT = 10  # pages, where the request names none; more are every page in other words
_SMALL_SITE = 2  # of which all pages may be meant
_MOST_NEW = 3


def scope_with_model(answer: ScopeAnswer, by_words: Scope, request: RequestWords, pages: Sequence[NamedPage]) -> Scope:
    """The scope by the model if its answer is usable and the words leave room for it, else the one by words."""
    if by_words.everywhere:
        return by_words.model_copy(update={"source": ScopeSource.MODEL}) if answer.everywhere else by_words
    meant = _meant(answer, request, pages)
    if answer.everywhere or not meant:
        return by_words
    if not by_words.pages:
        return by_words if _is_every_page(meant, pages) else _of_model(answer, meant, by_words, request)
    called = {page.path: _names(page) for page in pages}
    backed = [path for path in meant if path in by_words.pages or called.get(path, set()) & request.words]
    together = dict.fromkeys((*by_words.pages, *backed))
    if not backed or len(together) > MOST_PAGES_CONCERNED:
        return by_words
    return by_words.model_copy(update={"source": ScopeSource.MODEL, "pages": tuple(together)})


def _of_model(answer: ScopeAnswer, meant: Sequence[str], by_words: Scope, request: RequestWords) -> Scope:
    """Parts explain changes, so they have to stand in the request."""
    return Scope(
        source=ScopeSource.MODEL,
        pages=tuple(meant),
        parts=tuple(part for part in answer.parts if request.says(part)),
        kinds=by_words.kinds or answer.kinds,
    )


def _meant(answer: ScopeAnswer, request: RequestWords, pages: Sequence[NamedPage]) -> list[str]:
    """The pages that the model names: those that are there, and a few that the request wants and that can be made."""
    there = {page.path for page in pages}
    paths = dict.fromkeys(path.removeprefix("/") for path in answer.pages)
    new = [path for path in paths if path not in there and _can_be_made(path, request)]
    return [path for path in paths if path in there or path in new[:_MOST_NEW]]


def _can_be_made(path: str, request: RequestWords) -> bool:
    if not is_page(path) or not (request.asks_page or _stem_words(path) & request.words):
        return False
    try:
        check_path(path)
    except PageWrightError:
        return False
    return True


def _is_every_page(meant: Sequence[str], pages: Sequence[NamedPage]) -> bool:
    site = {page.path for page in pages if is_page(page.path)}
    return len(meant) > _MOST_MEANT or (len(site) > _SMALL_SITE and site <= set(meant))


def _names(page: NamedPage) -> set[str]:
    """The words of a page's file and of links to it; its own title and headline could call it anything."""
    return _stem_words(page.path) | {word for label in page.labels for word in words(label)}


def _stem_words(path: str) -> set[str]:
    return set(words(path.rpartition("/")[2].rpartition(".")[0]))
