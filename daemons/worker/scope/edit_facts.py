"""An edit that is to be judged, and what its changes together tell: what is concerned, explained, and moved. Pure."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from daemons.worker.scope.evidence import Explained, RequestEvidence
from daemons.worker.scope.request_words import RequestWords
from daemons.worker.scope.source_edits import SourceEdit
from shared.domain.scope import Concern, Scope, ScopeSource
from shared.domain.visible_changes import ChangeOf, VisibleChange

STYLES = frozenset({ChangeOf.BACKGROUND, ChangeOf.COLOUR, ChangeOf.FONT, ChangeOf.SIZE, ChangeOf.WEIGHT, ChangeOf.LOOK})
PAGES = frozenset({ChangeOf.PAGE_ADDED, ChangeOf.PAGE_REMOVED})
FEW_PARTS = 3
_MOST_CHANGED = 2  # pages, if the request names none


@dataclass(frozen=True)
class Edit:
    """One edit to be judged. `named` are pages that the request itself names; `edits` are those of text files.

    `is_whole` if the changes name every page that looks otherwise.
    """

    request: RequestWords
    scope: Scope
    named: frozenset[str]
    changes: tuple[VisibleChange, ...]
    edits: tuple[SourceEdit, ...] = ()
    is_whole: bool = True

    @cached_property
    def evidence(self) -> RequestEvidence:
        return RequestEvidence.of(self.request, self.scope.parts, self.edits)

    @cached_property
    def weights(self) -> dict[VisibleChange, Explained]:
        return {change: self.evidence.weigh(change) for change in self.changes}

    @cached_property
    def concerned(self) -> frozenset[str] | None:
        """The pages that the request concerns, None for all. If nothing names any, the two that changed most."""
        if self.scope.everywhere:
            return None
        if self.scope.pages:
            return frozenset(self.scope.pages)
        counted = Counter(page for change in self.changes if change.of not in STYLES for page in change.pages)
        counted.update(page for change in self.changes if change.of in PAGES for page in change.pages * FEW_PARTS)
        if not counted:
            return None
        return frozenset(page for page, _ in counted.most_common(_MOST_CHANGED))

    @cached_property
    def is_unnamed(self) -> bool:
        return self.scope.source is ScopeSource.NOTHING or not (self.scope.everywhere or self.scope.pages)

    @cached_property
    def is_explained(self) -> bool:
        """Whether the request says what it wants so that at least one change is explained by it."""
        return not self.request.is_broad and any(self.weights.values())

    @cached_property
    def is_beside_the_point(self) -> bool:
        """Whether nothing that was changed is explained, though the request says in so many words what it wants."""
        request = self.request
        if request.is_specific:
            return not request.is_broad and not any(weight > Explained.NAMED for weight in self.weights.values())
        is_vague = request.is_broad or Concern.STYLE in request.kinds or bool(request.roles or request.places)
        return self.is_unnamed and request.is_readable and not is_vague and not any(self.weights.values())

    @cached_property
    def is_of_style(self) -> bool:
        """Whether the request wants another style and nothing else, and that was done."""
        is_wanted = set(self.request.kinds) == {Concern.STYLE} and not self.request.is_broad
        return is_wanted and any(change.of in STYLES for change in self.changes)

    @cached_property
    def styles_files(self) -> bool:
        """Whether the source changed how existing parts look: no change of style comes from a new part alone."""
        return any(edit.path.endswith(".css") or any(hunk.styles for hunk in edit.hunks) for edit in self.edits)

    @cached_property
    def moves_pages(self) -> bool:
        """Whether pages came or went, so that links to them have to follow."""
        return any(change.of in PAGES for change in self.changes)

    @cached_property
    def is_replaced(self) -> bool:
        """Whether as many parts came that the request explains as went that it does not."""
        count = Counter[tuple[ChangeOf, bool]]()
        for change, weight in self.weights.items():
            count[change.of, weight > Explained.NAMED] += change.parts
        new = count[ChangeOf.ADDED, True] - count[ChangeOf.REMOVED, True]
        return count[ChangeOf.REMOVED, False] <= new
