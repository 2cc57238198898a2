"""Compares a version's problems with those of another: what is new, old, back again or mended; pure.

This is the one home of the rule what keeps a version from visitors: problems that they don't meet yet.
"""

from collections.abc import Callable
from dataclasses import replace

from shared.domain.errors import Conflict
from shared.domain.home_page_check import visitors_see
from shared.domain.manifest import Manifest
from shared.domain.problem import Problem, ProblemList, problems_of, without_since
from shared.domain.visible_changes import ASKED, UNASKED
from shared.domain.vocabulary import JobKind, Record, VersionNumber

_NAMED = 3
# They tell of one edit and its request: no other edit mends them, and the next version has them no more.
_OF_ONE_EDIT = frozenset({UNASKED, ASKED})


class ProblemChanges(Record):
    """A version's problems compared with the version `against`; null: with what it came from, as its record tells.

    `new` came with it, `old` were there, `back` were mended in between. `unclear` may be new: the list of the other
    version is cut. `mended` are gone, `mended_count` in number. `unlisted` problems of this version are only counted.
    """

    against: VersionNumber | None
    new: tuple[Problem, ...] = ()
    unclear: tuple[Problem, ...] = ()
    old: tuple[Problem, ...] = ()
    back: tuple[Problem, ...] = ()
    mended: tuple[Problem, ...] = ()
    mended_count: int = 0
    unlisted: int = 0

    @property
    def blocking(self) -> tuple[Problem, ...]:
        """What a person has to accept before visitors meet it."""
        return (*self.new, *self.unclear)

    @property
    def mendable(self) -> tuple[Problem, ...]:
        """What the agent can be asked to mend; what nobody asked for is undone or kept instead."""
        return tuple(one for one in self.blocking if one.check not in _OF_ONE_EDIT)


def since_parent(version: Manifest, parent: Manifest | None) -> ProblemChanges:
    """What the version did itself. An import is the base line: its problems are old. Without parent none is mended."""
    own, before = _problems(version), _problems(parent)

    def place(one: Problem) -> str:
        is_new = one.since is None and one.identity in own.failed and one.identity not in before.by_identity
        return "new" if is_new else "old"

    return _sorted_out(own, before, parent, place)


def since_live(version: Manifest, live: Manifest | None, *, is_kept: bool = False) -> ProblemChanges:
    """What visitors will meet otherwise who see `live` now; None: nothing is public, so version 1 is the base line.

    What nobody asked for is not new if somebody keeps all of the version.
    """
    own, before = _problems(version), _problems(live)
    base_line = live.number if live else 1

    def place(one: Problem) -> str:
        is_old = one.identity in before.by_identity or one.identity in own.undated
        if is_old or (is_kept and one.check == UNASKED):
            return "old"
        # The checks compared a version with all that was found in its parent, not only with what is listed.
        is_clear = not before.unlisted.get(one.check) or base_line == version.parent
        if one.identity in own.failed or (one.since or 0) > base_line:
            return "new" if is_clear else "unclear"
        return "back" if live and is_clear else "old"

    return _sorted_out(own, before, live, place)


def require_publishable(version: Manifest, live: Callable[[], Manifest | None], *, is_kept: bool = False) -> None:
    """Raises Conflict, which names them, if visitors would meet new problems.

    `live` reads what they see; it is asked only if the version has any problem.
    """
    blocking = since_live(version, live(), is_kept=is_kept).blocking if _problems(version).problems else ()
    if blocking:
        checks = ", ".join(dict.fromkeys(one.check for one in blocking))
        told = "; ".join(one.text for one in blocking[:_NAMED]) + ("; …" if len(blocking) > _NAMED else "")
        raise Conflict(
            f"Version {version.number} failed these checks: {checks}. New for visitors: {told}",
            "Ask for a change that mends them, or accept the failed checks (`accept_failed_checks`).",
        )


def told_of_home_page(version: Manifest, live: Manifest | None) -> str:
    """What visitors will see of a home page that is not as it should be; empty if all is well or as they see it."""
    told = _home_page(version)
    return told if live is None or told != _home_page(live) else ""


def _home_page(manifest: Manifest) -> str:
    return visitors_see((one.name, one.status, map(without_since, one.findings)) for one in manifest.checks)


def _problems(manifest: Manifest | None) -> ProblemList:
    """The problems of a version; an import has failed by none, not even by the record of an older release."""
    found = problems_of(manifest.checks if manifest else ())
    return replace(found, failed=frozenset()) if manifest and manifest.kind is JobKind.IMPORT else found


def _sorted_out(
    own: ProblemList, before: ProblemList, other: Manifest | None, place: Callable[[Problem], str]
) -> ProblemChanges:
    places: dict[str, list[Problem]] = {"new": [], "unclear": [], "old": [], "back": []}
    for one in own.problems:
        places[place(one)].append(one)
    mended = tuple(one for one in before.problems if _is_mended(one, own))
    checks = {one.check for one in own.problems} | _OF_ONE_EDIT
    uncounted = sum(rest for check, rest in before.unlisted.items() if check not in checks and not own.is_partial)
    return ProblemChanges(
        against=other.number if other else None,
        **places,
        mended=mended,
        mended_count=len(mended) + uncounted,
        unlisted=sum(own.unlisted.values()),
    )


def _is_mended(problem: Problem, now: ProblemList) -> bool:
    """Whether it is known to be gone: the list is whole, and its page was looked at."""
    is_known = not (now.is_partial or now.unlisted.get(problem.check) or problem.page in now.unseen)
    is_known = is_known and problem.check not in _OF_ONE_EDIT
    return is_known and problem.identity not in now.by_identity
