"""Editors that need no model: one does what was asked, each other one makes a fault that models are known for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bench.keep.edits import Hunk, SiteEdit, overlaps
from bench.keep.landmarks import Spot, headlines, pages_of, resolved, sentences, tags
from bench.keep.markup import encoded, parts, visible_text
from bench.keep.reformatting import reformatted
from bench.keep.tasks import Task, TaskKind
from shared.domain.tree import Tree

_REST = b"\n<!-- the rest stays -->\n"
_LEAK = "\nh1, h2, h3, p, li, td, div { color: #c2185b }\n"


class Player(StrEnum):
    """Who edits. `model` is the real one, behind the real Codex."""

    ORACLE = "oracle"
    OVER_EDITOR = "over-editor"
    TRUNCATOR = "truncator"
    REFORMATTER = "reformatter"
    WRONG_PAGE = "wrong-page"
    NO_OP = "no-op"
    LIAR = "liar"
    STYLE_LEAKER = "style-leaker"
    MODEL = "model"


@dataclass(frozen=True)
class Play:
    """What a player leaves: a site and an answer to the owner. `faults` are files it should not have touched so."""

    tree: Tree
    answer: str
    faults: frozenset[str] = frozenset()


def play(player: Player, task: Task, tree: Tree) -> Play | None:
    """What the player makes of the task; None if it can't make its fault there, or would do just what is right."""
    return _PLAYERS[player](task, tree)


def _oracle(task: Task, tree: Tree) -> Play | None:
    if task.kind is TaskKind.IMPOSSIBLE:
        return Play(tree, "I can't do that: these pages can't send mail. I changed nothing.")
    return Play(task.oracle(tree), "Done.")


def _over_editor(task: Task, tree: Tree) -> Play | None:
    """Another text on the same page, and one on another page, sound better now."""
    edit, faults = task.edit, set[str]()
    for path in (main_page(task, tree), *other_pages(task, tree)[:1]):
        spot = next(_free_spots(task.edit, tree, path), None)
        if spot:
            edit = edit.also(path, Hunk(spot.end, spot.end, encoded(tree[path], ", and better than ever before")))
            faults.add(path)
    return Play(edit.apply(tree), "Done.", frozenset(faults)) if faults else None


def _free_spots(edit: SiteEdit, tree: Tree, path: str) -> Iterator[Spot]:
    """Texts of a page that the edit leaves alone."""
    for spot in (*headlines(tree, path)[::-1], *sentences(tree, path)):
        if not overlaps(edit.hunks.get(path, ()), spot.start, spot.end):
            yield spot


def _truncator(task: Task, tree: Tree) -> Play | None:
    """The edited piece of the page, and a comment in place of the longer part before or behind it."""
    path = main_page(task, tree)
    data = tree[path]
    hunks = task.edit.hunks.get(path, ()) or (Hunk(len(data) // 2, len(data) // 2, b""),)
    first, last = min(hunk.start for hunk in hunks), max(hunk.end for hunk in hunks)
    body = next((one.end for one in parts(data) if one.name == "body"), 0)
    end = next((one.start for one in parts(data)[::-1] if one.name == "/body"), len(data))
    before, after = (body, _border(data, first)), (_border(data, last), end)
    cut = max(before, after, key=lambda span: len(visible_text(data[span[0] : span[1]])))
    if not visible_text(data[cut[0] : cut[1]]):
        return None
    return Play(task.edit.also(path, Hunk(*cut, _REST)).apply(tree), "Done.", frozenset({path}))


def _border(data: bytes, place: int) -> int:
    """The nearest place that is in no tag: where a tag around it ends."""
    return next((one.end for one in parts(data) if one.start < place < one.end and not one.is_text), place)


def _reformatter(task: Task, tree: Tree) -> Play | None:
    """The page that was edited, with other line ends and indents: nobody sees it, and nobody asked for it."""
    path = main_page(task, tree)
    after = task.oracle(tree)
    data = reformatted(after[path])
    return Play({**after, path: data}, "Done.", frozenset({path})) if data != after[path] else None


def _wrong_page(task: Task, tree: Tree) -> Play | None:
    """The text that was to be put on one page, on another page instead."""
    hunks = task.edit.hunks.get(main_page(task, tree), ())
    others = [path for path in other_pages(task, tree) if sentences(tree, path)]
    if not hunks or not others or len(task.edit.hunks) > 1:
        return None
    spot = sentences(tree, others[0])[0]
    new = b" ".join(hunk.new for hunk in hunks) or b" "
    wrong = Hunk(spot.start, spot.start, new + b" ") if new.strip() else Hunk(spot.start, spot.end, b"")
    return Play(SiteEdit({others[0]: (wrong,)}, task.edit.files).apply(tree), "Done.", frozenset({others[0]}))


def _no_op(task: Task, tree: Tree) -> Play | None:
    return Play(tree, "I looked at the site.") if task.kind is not TaskKind.IMPOSSIBLE else None


def _liar(task: Task, tree: Tree) -> Play | None:
    """“Done!” after nothing, or after something else."""
    answer = "Done! Everything is as you asked."
    if task.kind is not TaskKind.IMPOSSIBLE and list(TaskKind).index(task.kind) % 2:
        return Play(tree, answer)
    path = main_page(task, tree)
    spot = next(_free_spots(task.edit, tree, path), None)
    if not spot:
        return Play(tree, answer)
    other = SiteEdit({path: (Hunk(spot.end, spot.end, encoded(tree[path], " (new)")),)})
    return Play(other.apply(tree), answer, frozenset({path}))


def _style_leaker(task: Task, tree: Tree) -> Play | None:
    """A rule in the style sheet that most pages share."""
    sheets = [resolved(page, to) for page, _, one, to in tags(tree, "link", "href") if to.endswith(".css")]
    shared = [path for path in dict.fromkeys(sheets) if path in tree and sheets.count(path) > 1]
    if not shared:
        return None
    path = max(shared, key=sheets.count)
    after = task.oracle(tree)
    return Play({**after, path: after[path] + _LEAK.encode()}, "Done.", frozenset({path}))


def main_page(task: Task, tree: Tree) -> str:
    """The page that a task edits first, the home page if it edits none."""
    return next((path for path in pages_of(tree) if path in task.edit.hunks), pages_of(tree)[0])


def other_pages(task: Task, tree: Tree) -> list[str]:
    """Pages that the task leaves alone; if it edits all, those after the first."""
    main = main_page(task, tree)
    others = [path for path in pages_of(tree) if path != main and "/" not in path]
    return sorted(others, key=lambda path: path in task.edit.hunks)


_PLAYERS: dict[Player, Callable[[Task, Tree], Play | None]] = {
    Player.ORACLE: _oracle,
    Player.OVER_EDITOR: _over_editor,
    Player.TRUNCATOR: _truncator,
    Player.REFORMATTER: _reformatter,
    Player.WRONG_PAGE: _wrong_page,
    Player.NO_OP: _no_op,
    Player.LIAR: _liar,
    Player.STYLE_LEAKER: _style_leaker,
}
SCRIPTED = tuple(_PLAYERS)
