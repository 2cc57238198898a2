"""The site in memory: its pages and style sheets, found by the names that people use."""

import posixpath
import re
import unicodedata

from daemons.model.practice.editor.markup import Document, Element

_MOST_REPEATED = 80
_HOME_NAMES = frozenset({"home", "homepage", "start", "startpage", "front", "frontpage", "main", "index"})
_HEADLINE_WORDS = frozenset({"heading", "headline", "title"})


class CannotDo(Exception):
    """A sentence for the person: why an instruction changed nothing."""


def is_page(path: str) -> bool:
    """Whether a file is a web page."""
    return path.endswith((".html", ".htm"))


def slug(title: str) -> str:
    """A title as a file name: ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "page"


def one_line(text: str) -> str:
    """The text with every run of blanks as one space."""
    return " ".join(text.split())


def short(text: str) -> str:
    """A person's words as we repeat them to that person."""
    line = one_line(text)
    return line if len(line) <= _MOST_REPEATED else line[:_MOST_REPEATED] + "…"


class Website:
    """Path → text of every page and style sheet; `before` is what they were."""

    def __init__(self, files: dict[str, str]) -> None:
        self.before = dict(files)
        self.files = files

    @property
    def pages(self) -> list[str]:
        """The pages, the home page first."""
        pages = sorted(filter(is_page, self.files), key=lambda path: (path.count("/"), path))
        if not pages:
            raise CannotDo("This site has no HTML page that I could change.")
        home = min(
            pages, key=lambda path: (path.count("/"), posixpath.basename(path) not in ("index.html", "index.htm"))
        )
        return [home, *(page for page in pages if page != home)]

    @property
    def home(self) -> str:
        return self.pages[0]

    def document(self, path: str) -> Document:
        """A page, parsed as it is now."""
        return Document(self.files[path])

    def page(self, name: str | None) -> str:
        """The page that a person means by a file name, a title, a headline, a link's text or "home page"."""
        if name is None:
            return self.home
        key = re.sub(r"^(?:the )?(?:page )?| page$", "", one_line(name).casefold())
        if key.replace(" ", "") in _HOME_NAMES:
            return self.home
        labels = self._labels()
        for names in (self._paths, self._titles, lambda path: labels.get(path, set())):
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
        found = [*document.find("title")[:1], *filter(None, [headline(document)])]
        return {document.words(element).casefold() for element in found}

    def _labels(self) -> dict[str, set[str]]:
        """What links to a page are called, by page."""
        labels: dict[str, set[str]] = {}
        for page in self.pages:
            document = self.document(page)
            for link in document.find("a"):
                path = target(page, link.attributes.get("href", ""))
                labels.setdefault(path or "", set()).add(document.words(link).casefold())
        return labels


def headline(document: Document) -> Element | None:
    """The page's headline: its first h1 with words, else what is styled as one, else its first h2."""
    elements = [element for element in document.root.walk() if document.words(element)]
    h1 = [element for element in elements if element.tag == "h1"]
    styled = [e for e in elements if not e.children and any(c.split("-")[-1] in _HEADLINE_WORDS for c in e.classes)]
    h2 = [element for element in elements if element.tag == "h2"]
    return next(iter([*h1, *styled, *h2]), None)


def target(page: str, href: str) -> str | None:
    """The file that a link on `page` leads to, None if it leads elsewhere or stays on the page."""
    path = re.split("[?#]", href, maxsplit=1)[0].strip()
    if not path or re.match(r"[a-z][a-z0-9+.-]*:|//", path, re.IGNORECASE):
        return None
    found = posixpath.normpath(
        path.lstrip("/") if path.startswith("/") else posixpath.join(posixpath.dirname(page), path)
    )
    return posixpath.join(found, "index.html").removeprefix("./") if path.endswith("/") or found == "." else found


def relative(page: str, path: str) -> str:
    """How a link on `page` names the file `path`."""
    return posixpath.relpath(path, posixpath.dirname(page) or ".")
