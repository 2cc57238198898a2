"""Weighs how much of a change the request's own words explain; pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from daemons.worker.scope.request_words import RequestWords
from daemons.worker.scope.source_edits import Hunk, SourceEdit
from daemons.worker.scope.words import digits, plain, words
from shared.domain.visible_changes import ChangeOf, VisibleChange

# So many parts may come or go with a text that the request names: a person with a picture, a section of some texts.
_MOST_PARTS = 12
_WHOLE = frozenset({ChangeOf.ADDED, ChangeOf.REMOVED})
_BESIDE = frozenset({ChangeOf.TARGET, ChangeOf.PICTURE, ChangeOf.ALTERNATIVE})


class Explained(IntEnum):
    """How much the request says of a change: nothing, its kind of part, a word of it, or most of it."""

    NONE = 0
    NAMED = 1
    SOME = 2
    MUCH = 3


@dataclass(frozen=True)
class RequestEvidence:
    """What a request says, and how the source was edited."""

    request: RequestWords
    parts: tuple[str, ...]
    hunks: tuple[Hunk, ...]

    @classmethod
    def of(cls, request: RequestWords, parts: Iterable[str], edits: Iterable[SourceEdit]) -> "RequestEvidence":
        """The evidence; only those hunks that the request's words explain count."""
        hunks = (hunk for edit in edits for hunk in edit.hunks)
        return cls(request, tuple(parts), tuple(hunk for hunk in hunks if said(request, hunk.text)))

    def weigh(self, change: VisibleChange) -> Explained:
        """How much of a change is explained."""
        own = self._own_words(change)
        if own is Explained.MUCH:
            return own
        if self._is_within_explained(change):
            return Explained.SOME
        return own or (Explained.NAMED if self._is_named(change) else Explained.NONE)

    def _own_words(self, change: VisibleChange) -> Explained:
        texts = [change.before, change.after, *([change.named] if change.of in _BESIDE else [])]
        if change.of in _WHOLE:
            return _weight(self.request, words(" ".join(texts)), texts)
        old, new = Counter(words(change.before)), Counter(words(change.after))
        return _weight(self.request, [*(old - new), *(new - old)], texts)

    def _is_within_explained(self, change: VisibleChange) -> bool:
        """Whether it came in one piece with something that the request names."""
        if change.of not in _WHOLE | _BESIDE or change.parts > _MOST_PARTS:
            return False
        is_loss = change.of is ChangeOf.REMOVED
        if is_loss and not self.request.asks_removal:
            return False
        shown = [plain(text).strip("… ") for text in (change.before, change.after, change.named)]
        return any(
            text and text in plain(hunk.text) for hunk in self.hunks if hunk.is_whole or not is_loss for text in shown
        )

    def _is_named(self, change: VisibleChange) -> bool:
        """Whether the request names this kind of part, or where it stands."""
        request = self.request
        if change.of is ChangeOf.TITLE:
            return "headline" in request.roles
        if change.what in request.roles or change.where in request.places:
            return True
        where = set(words(change.where))
        named = [set(words(part)) for part in self.parts]
        return bool(where) and (where <= request.words or any(part and part <= where for part in named))


def said(request: RequestWords, text: str) -> bool:
    """Whether a request says anything of this text."""
    return _weight(request, words(text), [text]) > Explained.NONE


def _both(texts: Sequence[str]) -> int:
    """A text that is there before and after says nothing of a change; in a part that came or went, it does."""
    return 2 if len(texts) > 1 and texts[0] and texts[1] else 3


def _weight(request: RequestWords, changed: Sequence[str], texts: Sequence[str]) -> Explained:
    readable = [plain(text) for text in texts if text]
    if any(0 < sum(plain(quoted) in text for text in readable) < _both(texts) for quoted, _ in request.quotes):
        return Explained.MUCH
    if any(number in digits(text) for number in request.numbers for text in texts):
        return Explained.MUCH
    known = [word for word in changed if word in request.words]
    if not known:
        return Explained.NONE
    return Explained.MUCH if len(known) * 2 >= len(changed) else Explained.SOME
