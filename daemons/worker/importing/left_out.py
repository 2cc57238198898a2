"""Decides what of an archive is left out: hidden files, what tools left there, and compressed copies of files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from daemons.worker.importing.members import Member
from daemons.worker.importing.report import Note, Topic
from daemons.worker.importing.server_files import describe, is_server_file

_TOOLS = frozenset({"__MACOSX", "node_modules", "Thumbs.db", "desktop.ini", ".DS_Store", ".git", ".svn", ".hg"})
_OF_BUILDS = frozenset(
    (
        ".buildinfo .buildinfo.bak .doctrees .jekyll-metadata .jekyll-cache .sass-cache .hugo_build.lock .eslintrc"
        " .prettierrc .browserslistrc .babelrc .idea .vscode .github .circleci .travis.yml"
    ).split()
)
_OF_REPOSITORIES = frozenset({".gitignore", ".gitattributes", ".gitkeep", ".gitmodules", ".npmignore", ".editorconfig"})
_ORDINARY = frozenset({".", "..", ".well-known"})
_COMPRESSED = (".gz", ".br", ".zst")
# Browsers show or run these, so they must not come from compressed files, into which no check looks.
_SHOWN = (".html", ".htm", ".xhtml", ".xml", ".svg", ".css", ".js", ".mjs")


@dataclass
class SortedFiles:
    """The files that may be part of the site, and the names of those that are left out, by topic."""

    site: dict[str, Member] = field(default_factory=dict)
    left_out: dict[Topic, list[str]] = field(default_factory=dict)

    def drop_server_files(self, folder: str) -> None:
        """Leave out the settings of other web servers for the site in this folder."""
        for name in [name for name in self.site if is_server_file(name, folder)]:
            self.left_out.setdefault(Topic.SERVER_FILES, []).append(describe(name, self.site.pop(name)))

    def notes(self) -> Iterator[Note]:
        for topic, names in sorted(self.left_out.items()):
            yield from Note.about(topic, names)


def sort_files(files: Mapping[str, Member]) -> SortedFiles:
    """Put each file of the archive into the site, or leave it out for a reason."""
    result = SortedFiles()
    for name, member in files.items():
        topic = _reason(name, files)
        if topic:
            said = describe(name, member) if topic is Topic.SERVER_FILES else name
            result.left_out.setdefault(topic, []).append(said)
        else:
            result.site[name] = member
    return result


def _reason(name: str, files: Mapping[str, Member]) -> Topic | None:
    parts = name.split("/")
    if (_TOOLS | _OF_BUILDS).intersection(parts) or parts[-1] in _OF_REPOSITORIES or parts[-1].startswith("._"):
        return Topic.TOOLS
    if is_server_file(name):
        return Topic.SERVER_FILES
    if any(part.startswith(".") and part not in _ORDINARY for part in parts):
        return Topic.HIDDEN
    return _twin(name, files)


def _twin(name: str, files: Mapping[str, Member]) -> Topic | None:
    """The topic of a compressed copy such as `page.html.gz`, which a web server may send as the page; else None."""
    original, dot, kind = name.rpartition(".")
    if dot + kind.lower() not in _COMPRESSED:
        return None
    if original in files:
        return Topic.TWINS
    return Topic.LONE_TWINS if original.lower().endswith(_SHOWN) else None
