"""The context of the question before a version is shown to visitors."""

from dataclasses import dataclass

from htmx_ui.contexts import Context
from htmx_ui.difference_parts import VisitorChanges
from htmx_ui.parts import Notice, VersionView
from htmx_ui.publication_parts import PublicationStatus, ToldPublication
from shared.domain.problem_changes import ProblemChanges
from shared.domain.visible_changes import UNASKED


@dataclass(frozen=True, kw_only=True)
class PublishPage(Context):
    """Asking before a version goes live: what visitors will meet otherwise, and which new problems must be accepted.

    `changes` is None if what they meet now can't be read, `told` also if they meet nothing. `visitors_see` is what is
    wrong with the home page. After publishing the site's page has `tab` open.
    """

    template = "publish.html"
    name: str
    title: str
    version: VersionView
    publication: PublicationStatus
    changes: VisitorChanges | None
    problems: ProblemChanges
    told: ToldPublication | None = None
    visitors_see: str = ""
    tab: str = ""
    error: Notice | None = None
    dialog: bool = False

    @property
    def other_problems(self) -> ProblemChanges:
        """The problems without what nobody asked for, which stands apart if `told` has it."""
        if not (self.told and self.told.unasked):
            return self.problems
        lists = {"new": self.problems.new, "unclear": self.problems.unclear}
        rest = {name: tuple(one for one in some if one.check != UNASKED) for name, some in lists.items()}
        return self.problems.model_copy(update=rest)

    @property
    def rollback(self) -> bool:
        """Whether visitors will see an older version than now."""
        return self.publication.current is not None and self.version.number < self.publication.current

    @property
    def newer(self) -> int | None:
        """The newest version, if this one is older."""
        newest = self.publication.newest
        return newest if newest and newest > self.version.number else None

    @property
    def must_accept(self) -> bool:
        """Whether somebody has to say that they want it all the same.

        A storage of the release before refuses each version with a failed check, so after an error this offers it.
        """
        return bool(self.problems.blocking or self.visitors_see or (self.error and self.version.failed_checks))
