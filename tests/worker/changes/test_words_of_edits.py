"""A baker's edits and the sentences that tell them, from what a real browser saw before and after."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from daemons.worker.builders import build_plain
from daemons.worker.changes.site_changes import SeenSite, site_changes
from daemons.worker.checks.page_blocks import read_blocks
from shared.domain.change_sentences import sentence
from shared.domain.site_templates import instantiate
from shared.domain.tree import Tree, digests
from tests.worker.conftest import Looker

SITE = build_plain(instantiate("small-business", "Mill Bakery"))
PAGES = [path for path in SITE if path.endswith(".html") and path != "404.html"]
See = Callable[[Tree], SeenSite]


@dataclass(frozen=True)
class Edit:
    """An edit's steps, each a file, what is replaced and by what; and the sentences that tell it."""

    steps: tuple[tuple[str, str, str], ...]
    sentences: list[str]

    def of(self, site: Tree) -> Tree:
        """The site after it."""
        for path, old, new in self.steps:
            paths = PAGES if path in ("*", "**") else [path]
            site = {**site, **{one: _replaced(site, one, old, new, everywhere=path == "**") for one in paths}}
        return {path: data for path, data in site.items() if data}


def _replaced(site: Tree, path: str, old: str, new: str, *, everywhere: bool) -> bytes:
    text = site.get(path, b"").decode()
    assert old in text, f"{path} has no {old}"
    return text.replace(old, new, -1 if everywhere else 1).encode() if old else new.encode()


def _edits() -> dict[str, Edit]:
    text = Path(__file__).with_name("words_of_edits.txt").read_text(encoding="utf-8")
    parts = [[line for line in part.splitlines() if line] for part in text.split("\n# ")[1:]]
    return {name: Edit(tuple(map(_step, filter(_is_step, lines))), [one for one in lines if not _is_step(one)])
            for name, *lines in parts}  # fmt: skip


def _is_step(line: str) -> bool:
    return line.startswith("+ ")


def _step(line: str) -> tuple[str, str, str]:
    path, old, new = line.removeprefix("+ ").replace("\\n", "\n").split(" | ")
    return path, old, new


EDITS = _edits()


@pytest.fixture(scope="module")
def see(look: Looker, tmp_path_factory: pytest.TempPathFactory) -> See:
    """What the browser sees of the pages whose files differ from those of the first site, and what it saw of others."""
    known: dict[str, SeenSite] = {}

    def seen(site: Tree) -> SeenSite:
        folder = tmp_path_factory.mktemp("site")
        for path, data in site.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        only_pages = all(path.endswith(".html") or site.get(path) == data for path, data in SITE.items())
        same = {path for path in PAGES if only_pages and known and site.get(path) == SITE[path]}
        pages = [path for path in site if path.endswith(".html") and path != "404.html" and path not in same]
        blocks = {one["path"]: read_blocks(one["blocks"]) for one in look(folder, dict.fromkeys(pages))}
        read = {path: page for path, page in blocks.items() if page}
        kept = {path: known["first"].pages[path] for path in same}
        return (
            known.setdefault("first", SeenSite(digests(site), read))
            if not known
            else SeenSite(digests(site), kept | read)
        )

    return seen


@pytest.fixture(scope="module")
def before(see: See) -> SeenSite:
    """The site before each edit."""
    return see(SITE)


def test_there_are_forty_edits() -> None:
    assert len(EDITS) == 40


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_told_as_a_person_would_say_it(name: str, before: SeenSite, see: See) -> None:
    after = see(EDITS[name].of(SITE))
    found = site_changes(before, after, [page for page in after.pages if page in before.pages])
    assert [sentence(change) for change in found.changes] == EDITS[name].sentences
    assert not found.unread
