"""What a request concerns by its own words alone: pages that it names or quotes, parts, and kinds of change; pure."""

import re
from collections.abc import Iterable, Iterator, Sequence

from daemons.worker.checks.addresses import is_page
from daemons.worker.scope.named_pages import NamedPage
from daemons.worker.scope.request_words import RequestWords
from daemons.worker.scope.words import plain
from shared.domain.scope import MOST_PAGES_CONCERNED, MOST_PARTS_CONCERNED, Concern, Scope, ScopeSource

_LONGEST_PART = 300
_ARTICLE = r"(?:(?:the|our|my|your|this|der|die|das|dem|den|unserer?|meiner?) )?"
_PAGE = r"(?:sub)?(?:web)?(?:page|seite)"
_MARK = r"[\"“”„«»']?"
# What a page is told to be linked to, or to look like, is not where the change is to be.
_TARGET = re.compile(
    r"\b(?:link(?:s|ed|ing)?\b(?:[^.]{0,40} to)?|leads?(?:ing)? to|points?(?:ing)? to|go(?:es)? to|like|as on|same as"
    r"|verlink\w*\b[^.]{0,40}|fuhr\w* (?:zu|zur|auf|nach)|zeigt? auf|wie(?: auf)?|link\b[^.]{0,30} (?:zu|zur|auf))"
    r" (?:the |our |my |der |die |zur |zu )?(?:page |seite )?" + _MARK + "$"
)
_NO_PAGE_AFTER = r"(?! (?:section|part|area|button|link|item|entry|list|form|bereich|abschnitt|box|heading))"
_SEPARATORS = re.compile(r"\s+[|·•:/»\u2013\u2014-]+\s+")
_NEW_NAME = re.compile(_PAGE + r"(?: (?:called|named|titled|namens|mit dem titel))? ?$")


def scope_of_words(request: RequestWords, pages: Sequence[NamedPage]) -> Scope:
    """The scope that the words of a request name; its source is `nothing` if they name none."""
    named = pages_named(request, pages) or _pages_quoted(request, pages)
    concerned = (*named, *_to_be_made(request, pages)) if named or not request.is_everywhere else ()
    is_wide = bool(request.places or _is_of_style(request))
    everywhere = request.is_everywhere or len(concerned) > MOST_PAGES_CONCERNED or (not concerned and is_wide)
    if not concerned and not everywhere:
        return Scope(kinds=request.kinds)
    quoted = (text for text, is_old in request.quotes if is_old)
    parts = dict.fromkeys(part[:_LONGEST_PART] for part in (*request.places, *quoted))
    return Scope(
        source=ScopeSource.WORDS,
        everywhere=everywhere,
        pages=() if everywhere else concerned,
        parts=tuple(parts)[:MOST_PARTS_CONCERNED],
        kinds=request.kinds,
    )


def pages_named(request: RequestWords, pages: Iterable[NamedPage]) -> tuple[str, ...]:
    """The pages that a request names as places of the change, by file, title, headline or the text of links."""
    return tuple(page.path for page in pages if _is_named(request, page))


def _is_of_style(request: RequestWords) -> bool:
    return Concern.STYLE in request.kinds and not request.quotes


def _is_named(request: RequestWords, page: NamedPage) -> bool:
    if page.path == "index.html" and request.names_home:
        return True
    file = page.path if is_page(page.path) else page.path.rpartition("/")[2]
    by_file = re.compile(rf"(?<![\w./-]){re.escape(plain(file))}(?![\w/-])")
    ways = (by_file, *map(_by_name, _names(page) if is_page(page.path) else ()))
    return any(_is_place(request.message, found) for way in ways for found in way.finditer(request.message))


def _is_place(text: str, found: re.Match[str]) -> bool:
    return not _TARGET.search(text[max(0, found.start() - 80) : found.start()])


def _names(page: NamedPage) -> Iterator[str]:
    """What the page is called; a title's parts, such as the site's name, count only if they are its headline."""
    stem = page.path.rpartition("/")[2].rpartition(".")[0]
    if stem == "index":
        stem = page.path.rpartition("/")[0].rpartition("/")[2]
    first, *_ = _SEPARATORS.split(page.title)
    names = {plain(name) for name in (re.sub(r"[-_]+", " ", stem), first, page.headline, *page.labels)}
    if page.path != "index.html":
        yield from (name for name in sorted(names) if 2 < len(name) <= 80)


def _by_name(name: str) -> re.Pattern[str]:
    """How a request names a page by one of its names: `the contact page`, `Kontaktseite`, `on Contact`."""
    called = _MARK + re.sub(r"([aou])(?!e)", r"\1e?", re.escape(name)) + _MARK
    return re.compile(
        rf"(?<!\w){called}[ -]?{_PAGE}\b|\b{_PAGE} (?:called |named |namens )?{called}(?!\w)"
        rf"|(?:\b(?:on|auf|unter) ){_ARTICLE}{called}(?!\w){_NO_PAGE_AFTER}"
    )


def _pages_quoted(request: RequestWords, pages: Iterable[NamedPage]) -> tuple[str, ...]:
    """The pages on which a text stands that the request quotes as one that is there."""
    quoted = [plain(text) for text, is_old in request.quotes if is_old]
    return tuple(page.path for page in pages if any(text in page.text for text in quoted))


def _to_be_made(request: RequestWords, pages: Sequence[NamedPage]) -> Iterator[str]:
    """The file of a page that the request wants and names: `a page "Opening hours"` is `opening-hours.html`."""
    there = {page.path for page in pages}
    names = {name for page in pages for name in _names(page)}
    if request.asks_page:
        for text, _ in request.quotes:
            before = request.message.partition(plain(text))[0].rstrip("\"“”„«»' ")
            path = re.sub(r"\W+", "-", plain(text)).strip("-") + ".html"
            if _NEW_NAME.search(before) and path not in there and plain(text) not in names:
                yield path
