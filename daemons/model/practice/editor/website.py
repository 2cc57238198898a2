"""The site in memory: its pages and style sheets, found by the names that people use."""

import posixpath
import re
import unicodedata
from pathlib import Path
from urllib.parse import quote, unquote

from daemons.model.practice.editor.encoding import Coding
from daemons.model.practice.editor.headlines import headline, headline_words
from daemons.model.practice.editor.markup import Document

_MOST_REPEATED = 80
_HOME_NAMES = frozenset({"home", "homepage", "start", "startpage", "front", "frontpage", "main", "index"})
_HOME_FILES = ("index.html", "index.htm", "default.html", "default.htm")


class CannotDo(Exception):
    """A sentence for the person: why an instruction changed nothing."""


def is_page(path: str) -> bool:
    """Whether a file is a web page."""
    return path.lower().endswith((".html", ".htm"))


def slug(title: str) -> str:
    """A title as a file name: ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "page"


def one_line(text: str) -> str:
    """The text with every run of blanks as one space."""
    return " ".join(text.split())


def short(text: str) -> str:
    """A person's words, shortened to be repeated to that person."""
    line = one_line(text)
    return line if len(line) <= _MOST_REPEATED else line[:_MOST_REPEATED] + "…"


class Website:
    """Path → text of every page and style sheet; `before` is what they were.

    `codings` has how the files write their characters, `left_out` why some of them are not among `files`. `copies` are
    files from elsewhere, by the place that they get.
    """

    def __init__(
        self,
        files: dict[str, str],
        codings: dict[str, Coding] | None = None,
        left_out: dict[str, str] | None = None,
    ) -> None:
        self.before = dict(files)
        self.files = files
        self.codings = codings or {}
        self.left_out = left_out or {}
        self.copies: dict[str, Path] = {}

    @property
    def pages(self) -> list[str]:
        """The pages that can be changed, the home page first."""
        pages = sorted(filter(is_page, self.files), key=_depth)
        if not pages:
            raise CannotDo("This site has no HTML page that I could change.")
        home = self.home
        return sorted(pages, key=lambda path: path != home)

    @property
    def home(self) -> str:
        """The home page, even if it was left out of the pages."""
        pages = filter(is_page, self.files.keys() | self.left_out.keys())
        return min(pages, key=_homeliness, default="")

    def coding(self, path: str) -> Coding:
        """How a file writes its characters."""
        return self.codings.get(path, Coding())

    def document(self, path: str) -> Document:
        """A page, parsed as it is now."""
        return Document(self.files[path])

    def page(self, name: str | None) -> str:
        """The page that a person means by a file name, a title, a headline, a link's text or "home page"."""
        return self._readable(self._named(name))

    def _readable(self, path: str) -> str:
        if path in self.left_out:
            raise CannotDo(f"I can't change {path}: {self.left_out[path]}.")
        return path or self.pages[0]

    def _named(self, name: str | None) -> str:
        if name is None:
            return self.home
        key = re.sub(r"^(?:the )?(?:page )?| page$", "", one_line(name).casefold())
        if key.replace(" ", "") in _HOME_NAMES:
            return self.home
        for path in (*self.pages, *self.left_out):
            if key in self._paths(path):
                return path
        labels = self._labels()
        for names in (self._titles, lambda path: labels.get(path, set())):
            for path in self.pages:
                if key in names(path):
                    return path
        known = ", ".join(self.pages[:12])
        raise CannotDo(f"I could not find a page called “{short(name)}”. The pages are: {known}.")

    def chosen(self, name: str | None) -> list[str]:
        """One page if it is named, else all."""
        return self.pages if name is None else [self.page(name)]

    @staticmethod
    def _paths(path: str) -> set[str]:
        name = path.casefold()
        stem = name.rpartition(".")[0]
        return {name, "/" + name, stem, posixpath.basename(stem), posixpath.basename(stem).replace("-", " ")}

    def _titles(self, path: str) -> set[str]:
        document = self.document(path)
        element = headline(document)
        found = [document.words(title) for title in document.find("title")[:1]]
        found += [headline_words(document, element)] if element else []
        return {words.casefold() for words in found}

    def _labels(self) -> dict[str, set[str]]:
        """What links to a page are called, by page."""
        labels: dict[str, set[str]] = {}
        for page in self.pages:
            document = self.document(page)
            for link in document.find("a"):
                path = self.leads_to(page, link.attributes.get("href", ""))
                labels.setdefault(path or "", set()).add(document.words(link).casefold())
        return labels

    def leads_to(self, page: str, href: str) -> str | None:
        """The file that a link on `page` shows: the exact one, a folder's home page, or `about.html` for `about`."""
        path = target(page, href)
        if path is None or path in self.files:
            return path
        folder = path.removesuffix("index.html").rstrip("/")
        near = [posixpath.join(folder, name) for name in _HOME_FILES] + [f"{folder}.html", f"{folder}.htm"]
        return next((name for name in near if name in self.files), path)


def _depth(path: str) -> tuple[int, str]:
    return path.count("/"), path


def _homeliness(path: str) -> tuple[int, int, str]:
    """A sort key: the smaller, the likelier the file is the home page."""
    name = posixpath.basename(path).lower()
    return path.count("/"), _HOME_FILES.index(name) if name in _HOME_FILES else len(_HOME_FILES), path


def target(page: str, href: str) -> str | None:
    """The file that a link on `page` leads to, None if it leads elsewhere or stays on the page."""
    path = re.split("[?#]", href, maxsplit=1)[0].strip()
    if not path or re.match(r"[a-z][a-z0-9+.-]*:|//", path, re.IGNORECASE):
        return None
    path = unquote(path, errors="surrogateescape")
    found = posixpath.normpath(posixpath.join("/", posixpath.dirname(page), path)).lstrip("/")
    is_folder = not found or path.endswith("/") or posixpath.basename(path) in (".", "..")
    return posixpath.join(found, "index.html") if is_folder else found


def relative(page: str, path: str) -> str:
    """How a link on `page` names the file `path`."""
    return quote(posixpath.relpath(path, posixpath.dirname(page) or "."), errors="surrogateescape")
