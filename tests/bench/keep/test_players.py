"""Each player makes its own fault, in every style of page, and scoring without a browser finds it."""

import pytest

from bench.keep.markup import visible_text
from bench.keep.players import SCRIPTED, Player, play
from bench.keep.reformatting import reformatted
from bench.keep.requests import task
from bench.keep.scoring import Seen, score
from bench.keep.sites import OWN, site
from bench.keep.tasks import TaskKind

FAULTY = [player for player in SCRIPTED if player is not Player.ORACLE]


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("player", FAULTY)
def test_no_fault_is_scored_as_perfect(name: str, player: Player) -> None:
    tree, played = site(name).tree, 0
    for kind in TaskKind:
        this = task(name, kind)
        if found := play(player, this, tree):
            assert not score(this, player, tree, found, Seen(), None, 0).is_perfect, kind
            played += 1
    assert played >= 6


def test_most_faults_do_what_was_asked_for_besides() -> None:
    this, tree = task("shop", TaskKind.PRICE), site("shop").tree
    done = {}
    for player in SCRIPTED:
        found = play(player, this, tree)
        assert found
        done[player] = score(this, player, tree, found, Seen(), None, 0).is_done
    assert [player for player in done if not done[player]] == [Player.WRONG_PAGE, Player.NO_OP, Player.LIAR]


@pytest.mark.parametrize("name", OWN)
def test_a_reformatted_page_says_the_same(name: str) -> None:
    page = site(name).tree["index.html"]
    assert reformatted(page) != page
    assert visible_text(reformatted(page)) == visible_text(page)


@pytest.mark.parametrize("name", OWN)
def test_a_truncated_page_has_lost_text(name: str) -> None:
    tree = site(name).tree
    found = play(Player.TRUNCATOR, task(name, TaskKind.HOURS), tree)
    assert found
    [path] = found.faults
    assert b"<!-- the rest stays -->" in found.tree[path]
    assert len(visible_text(found.tree[path])) < len(visible_text(tree[path])) * 0.8
