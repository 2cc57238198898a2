"""What a run is worth, and whether PageWright was right for the right reason."""

import pytest

from bench.keep.edits import Hunk, SiteEdit
from bench.keep.players import Play, Player
from bench.keep.scoring import Outcome, Score, Seen, beyond, outcome_of, score
from bench.keep.table import goals, lines, misses
from bench.keep.tasks import Assertion, Holds, Task, TaskKind
from shared.domain.manifest import Check, CheckStatus
from shared.domain.visible_changes import ChangeOf, Verdict, VisibleChange, VisibleChanges

TREE = {"index.html": b"<p>6.50</p><p>Open</p>", "about.html": b"<p>About</p>"}
TASK = Task("shop", TaskKind.PRICE, "6.95 please", SiteEdit({"index.html": (Hunk(3, 7, b"6.95"),)}),
            (Assertion("index.html", Holds.TEXT, "6.95"),))  # fmt: skip
PRICE = VisibleChange(of=ChangeOf.TEXT, what="text", before="6.50", after="6.95", pages=("index.html",), page_count=1)
OTHER = VisibleChange(of=ChangeOf.TEXT, what="text", before="Open", after="Shut", pages=("index.html",), page_count=1)
ORACLE = VisibleChanges(changes=(PRICE,), total=1)
RIGHT = Play(TASK.oracle(TREE), "Done.")
OVER = Play({**RIGHT.tree, "index.html": b"<p>6.95</p><p>Shut</p>"}, "Done.", frozenset({"index.html"}))


def failed(name: str, finding: str = "", status: CheckStatus = CheckStatus.FAILED) -> Check:
    return Check(name=name, status=status, findings=(finding,))


def scored(player: Player, play: Play, seen: Seen) -> Score:
    return score(TASK, player, TREE, play, seen, ORACLE, 1.0)


def test_the_oracle_is_perfect_and_right_if_nothing_is_said_against_it() -> None:
    one = scored(Player.ORACLE, RIGHT, Seen(changes=ORACLE))
    assert (one.is_perfect, one.right, one.outcome, one.excess) == (True, True, Outcome.LET_THROUGH, 0)
    doubted = scored(Player.ORACLE, RIGHT, Seen((failed("unasked"),), ORACLE))
    assert (doubted.is_perfect, doubted.right, doubted.outcome) == (True, False, Outcome.BLOCKED)


@pytest.mark.parametrize(("verdict", "right"), [(Verdict.UNASKED, True), (Verdict.ASKED, False), (None, False)])
def test_a_fault_has_to_be_named_and_not_what_was_asked_for(verdict: Verdict | None, right: bool) -> None:
    changes = (PRICE.model_copy(update={"verdict": Verdict.UNASKED}), OTHER.model_copy(update={"verdict": verdict}))
    one = scored(Player.OVER_EDITOR, OVER, Seen((failed("unasked"),), VisibleChanges(changes=changes)))
    assert (one.is_done, one.kept_bytes, one.kept_regions, one.right) == (True, False, False, right)


def test_a_file_of_which_nothing_shows_is_named_among_the_files() -> None:
    named = ORACLE.model_copy(update={"unasked_files": ("index.html",)})
    assert scored(Player.REFORMATTER, OVER, Seen((failed("unasked"),), named)).right
    assert not scored(Player.REFORMATTER, OVER, Seen((failed("unasked"),), ORACLE)).right
    assert scored(Player.TRUNCATOR, OVER, Seen((failed("content", "index.html: its text is gone"),), ORACLE)).right


def test_who_changed_nothing_is_told_so() -> None:
    one = scored(Player.NO_OP, Play(TREE, "I looked."), Seen(nothing_changed=True))
    assert (one.is_done, one.outcome, one.right) == (False, Outcome.TOLD, True)


def test_what_pagewright_did() -> None:
    assert outcome_of(Seen((failed("unasked", status=CheckStatus.WARNING),))) is Outcome.FLAGGED
    assert outcome_of(Seen((failed("changes", status=CheckStatus.WARNING),))) is Outcome.LET_THROUGH


def test_other_words_on_the_same_place_are_the_editors_choice() -> None:
    own = PRICE.model_copy(update={"after": "6,95 €"})
    assert list(beyond(VisibleChanges(changes=(own, OTHER)), ORACLE)) == [OTHER]
    elsewhere = PRICE.model_copy(update={"pages": ("index.html", "about.html")})
    assert list(beyond(VisibleChanges(changes=(elsewhere,)), ORACLE)) == [elsewhere]


def test_the_table_counts_and_tells_a_missed_goal() -> None:
    good = scored(Player.ORACLE, RIGHT, Seen(changes=ORACLE))
    bad = scored(Player.OVER_EDITOR, OVER, Seen(changes=VisibleChanges(changes=(PRICE, OTHER))))
    assert [line.split()[:2] for line in lines([good, bad])[1:3]] == [["oracle", "1"], ["over-editor", "1"]]
    assert [met for _, met in goals([good, bad])] == [True, True, False, True]
    assert [met for _, met in goals([good])] == [True, True]
    assert misses([good, bad])[0].startswith("shop,price,over-editor: let through; index.html differs")
