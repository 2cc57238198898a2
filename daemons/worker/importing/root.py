"""Chooses the folder of an archive that is the site: the one with the only home page; if there are several, it asks."""

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from daemons.worker.importing.home_pages import is_home
from daemons.worker.importing.names import shown
from shared.domain.errors import InvalidInput

WHOLE = "."
_BUILT = frozenset("dist build public _site out htdocs public_html".split())
_BESIDE = frozenset("src source test tests spec example examples demo demos coverage".split())
_MOST_CHOICES = 12
_PROGRAMS = ("index.php", "index.asp", "index.aspx", "index.jsp", "index.cgi", "default.asp", "default.aspx")


class Reason(StrEnum):
    """Why a folder became the site."""

    TOP = "top"
    ONLY = "only"
    BUILT = "built"
    ASKED = "asked"


@dataclass(frozen=True)
class SiteRoot:
    """A folder of the archive ("": all of it), and why it became the site."""

    folder: str
    reason: Reason

    @property
    def prefix(self) -> str:
        return f"{self.folder}/" if self.folder else ""


def choose_root(files: Collection[str], asked: str | None) -> SiteRoot:
    """The site's folder among these files; raises InvalidInput, with the choices if there are any."""
    top = _common_folder(files)
    folders = {name.rpartition("/")[0] for name in files if is_home(name.rpartition("/")[2])}
    choices = _highest(folders)
    if asked is not None:
        return _asked_root(asked, files, [top or WHOLE, *choices])
    if top in folders or _has_plain_home(files, top):
        return SiteRoot(top, Reason.TOP)
    if not choices:
        raise _no_home_page(files)
    if len(choices) == 1:
        return SiteRoot(choices[0], Reason.ONLY)
    built = [choice for choice in choices if _is_built(choice, choices)]
    if len(built) == 1:
        return SiteRoot(built[0], Reason.BUILT)
    raise _question(choices, top or WHOLE)


def _common_folder(files: Collection[str]) -> str:
    """The folder that contains all files, because a person packed it with its contents; "" if there is none."""
    if not files or any("/" not in name for name in files):
        return ""
    return os.path.commonpath([name.rpartition("/")[0] for name in files])


def _highest(folders: Collection[str]) -> list[str]:
    """The folders that do not lie in another of them, by name."""
    found: list[str] = []
    for folder in sorted(folders, key=lambda folder: f"{folder}/"):
        if not found or not f"{folder}/".startswith(f"{found[-1]}/" if found[-1] else ""):
            found.append(folder)
    return found


def _has_plain_home(files: Collection[str], top: str) -> bool:
    """Whether the top has a page that `home_renames` makes the home page."""
    prefix = f"{top}/" if top else ""
    return any(f"{prefix}{name}.{kind}" in files for name in ("home", "welcome") for kind in ("html", "htm"))


def _is_built(folder: str, choices: Sequence[str]) -> bool:
    """Whether a generator's output lies in the folder, and only its input, tests and examples beside it."""
    parts = folder.split("/")
    rivals = [choice.split("/") for choice in choices if choice != folder]
    return parts[-1] in _BUILT and all(
        len(rival) > len(parts) or _BESIDE.intersection(rival) or rival[-1] not in _BUILT for rival in rivals
    )


def _asked_root(asked: str, files: Collection[str], choices: Sequence[str]) -> SiteRoot:
    folder = "/".join(part for part in asked.split("/") if part not in ("", WHOLE))
    if folder and not any(name.startswith(f"{folder}/") for name in files):
        raise InvalidInput(
            f"The archive has no folder {shown(asked)}.",
            f"Say one of: {', '.join(choices)}.",
            choices=tuple(dict.fromkeys(choices))[:_MOST_CHOICES],
        )
    return SiteRoot(folder, Reason.ASKED)


def _no_home_page(files: Collection[str]) -> InvalidInput:
    found = [name for name in sorted(files, key=len) if name.rpartition("/")[2].lower() in _PROGRAMS]
    if found:
        return InvalidInput(
            f"The archive has no home page: {shown(found[0])} is a program that makes pages when it runs.",
            "PageWright serves finished pages: save the site as HTML and pack that.",
        )
    pages = sorted((len(name), name) for name in files if name.lower().endswith((".html", ".htm")))
    what = f"its files are {len(files):,}, its pages {len(pages):,}" + (
        f", such as {shown(pages[0][1])}" if pages else ""
    )
    return InvalidInput(
        f"The archive has no home page: {what}.",
        "A site needs an index.html (or index.htm, default.htm, index.en.html) in its folder.",
    )


def _question(folders: Sequence[str], whole: str) -> InvalidInput:
    named = folders[: _MOST_CHOICES - 1]
    more = f" and {len(folders) - len(named):,} more" if len(folders) > len(named) else ""
    listed = ", ".join(map(shown, named))
    return InvalidInput(
        f"The archive has several folders with a home page, and none at its top: {listed}{more}.",
        f"Say which folder is the site (`root`), or “{whole}” to keep all of them.",
        choices=(*named, whole),
    )
