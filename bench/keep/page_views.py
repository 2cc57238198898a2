"""Looks at many versions of sites in one browser: each page once, however many versions have it with the same bytes.

The browser is that of the product, in its sandbox, with the product's own program; only the folder that it serves has
many versions side by side, each in a folder of its own. What is seen is told as if the version stood there alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from daemons.worker.checks.browser_run import BrowserTask, open_browser
from shared.domain.file_kinds import FileKind, file_kind
from shared.domain.serving.media_types import is_document
from shared.domain.tree import Tree
from tests.support.checks_run import PROGRAMS, worker_settings

_VERSION = "browser-version"
_MOST_BYTES, _MOST_PAGES = 60 << 20, 300
_SECONDS = 3_000.0
_SETTINGS = worker_settings(worker_check_seconds=_SECONDS, worker_memory_bytes=8 << 30)


@lru_cache(maxsize=4_096)
def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def assets_of(tree: Tree) -> dict[str, bytes]:
    """The files of a site that are no pages."""
    return {path: data for path, data in tree.items() if file_kind(path) is not FileKind.PAGE}


def assets_key(tree: Tree) -> str:
    """The name of all files that are no pages."""
    return _digest(repr(sorted((path, _digest(data)) for path, data in assets_of(tree).items())).encode())


@dataclass
class _Folder:
    """One folder of the served one: the files of a version that are no pages, and pages of such versions."""

    assets: str
    files: dict[str, bytes]
    pages: dict[str, str] = field(default_factory=dict[str, str])


@dataclass
class PageViews:
    """What the browser saw of pages, by page and what it stands among.

    What is in the folder `kept` was seen before, which helps whoever works on the judgement: empty it when the checks
    change.
    """

    kept: Path | None = None
    version: str = ""
    seen: dict[str, bytes] = field(default_factory=dict[str, bytes])

    def of(self, tree: Tree, pages: Iterable[str]) -> list[bytes]:
        """The lines that the browser's program wrote of these pages of a version."""
        assets = assets_key(tree)
        return [self.seen[_key(tree, assets, path)] for path in pages]

    def __post_init__(self) -> None:
        if self.kept and (self.kept / _VERSION).is_file():
            self.version = (self.kept / _VERSION).read_text()

    async def load(self, wanted: Iterable[tuple[Tree, tuple[str, ...]]]) -> None:
        """Look at these pages of these versions, but for those that were seen.

        What a busy machine left no time for is looked at once more; what was not seen then is told as the product does.
        """
        every = list(wanted)
        for is_last in (False, True):
            folders: list[_Folder] = []
            for tree, pages in every:
                self._place(tree, pages, folders)
            for run in _runs(folders):
                await self._look(run, is_last=is_last)

    def _place(self, tree: Tree, pages: Iterable[str], folders: list[_Folder]) -> None:
        assets = assets_key(tree)
        for path in pages:
            key = _key(tree, assets, path)
            if key in self.seen or any(key in one.pages for one in folders) or self._was_kept(key):
                continue
            fitting = (one for one in folders if one.assets == assets and path not in one.pages.values())
            folder = next(fitting, None)
            if not folder:
                folder = _Folder(assets, assets_of(tree))
                folders.append(folder)
            folder.files[path] = tree[path]
            folder.pages[key] = path

    def _was_kept(self, key: str) -> bool:
        file = self.kept / key if self.kept else None
        if not self.version or not file or not file.is_file():
            return False
        self.seen[key] = file.read_bytes()
        return True

    async def _look(self, folders: list[_Folder], *, is_last: bool) -> None:
        names = {f"pw-bench-{number:04}/": one for number, one in enumerate(folders)}
        public = {name + path: data for name, one in names.items() for path, data in one.files.items()}
        pages = {name + path: key for name, one in names.items() for key, path in one.pages.items()}
        async with open_browser(_SETTINGS, PROGRAMS) as browser:
            self.version = await browser.version()
            if self.kept:
                (self.kept / _VERSION).write_text(self.version)
            every = tuple(pages)
            times = _SECONDS * 0.8, _SECONDS * 0.8, _SECONDS * 0.9
            task = BrowserTask(every, len(every), (), (), 3, *times)
            if every:
                await browser.look(task, public, {})
            for line in browser.lines:
                self._take(line, pages, is_last=is_last)

    def _take(self, line: bytes, pages: Mapping[str, str], *, is_last: bool) -> None:
        found = next((name for name in pages if f'"path": "{name}"'.encode() in line), None)
        is_seen = b'"unseen": ' not in line
        if found and (is_seen or is_last):
            own = line.replace(found.partition("/")[0].encode() + b"/", b"")
            self.seen[pages[found]] = own
            if self.kept and is_seen:
                (self.kept / pages[found]).write_bytes(own)


def _key(tree: Tree, assets: str, path: str) -> str:
    others = assets if is_document(path) else ""
    return _digest(f"{path} {_digest(tree[path])} {others}".encode())


def _runs(folders: list[_Folder]) -> Iterator[list[_Folder]]:
    """The folders in runs of the browser, none of which has too much to serve."""
    run: list[_Folder] = []
    for folder in folders:
        sizes = sum(len(data) for one in (*run, folder) for data in one.files.values())
        if run and (sizes > _MOST_BYTES or sum(len(one.pages) for one in run) > _MOST_PAGES):
            yield run
            run = []
        run.append(folder)
    if run:
        yield run
