"""Instructions about files that came with the request: put them on a page, or let one take the place of a file."""

import posixpath
import re
from pathlib import Path

from daemons.model.practice.editor.layout import add_at_end, last_section
from daemons.model.practice.editor.markup import escape, splice
from daemons.model.practice.editor.website import CannotDo, Website, relative, short

# Where the worker puts the files of a request, below the home of the program.
_FOLDER = "uploads"
_PICTURE_FOLDERS = ("images", "img", "pictures", "assets/images", "assets/img")
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif", ".svg")


def put_attached(site: Website, page: str | None) -> str:
    """Put every attached file at the end of a page: a picture is shown, a document linked."""
    path = site.page(page)
    said = [_put(site, path, file) for file in _attached()]
    return " ".join(said)


def replace_file(site: Website, old: str) -> str:
    """Let an attached file take the place of a file of the site, under its address."""
    place = _named(old)
    fitting = [file for file in _attached() if _kind(file.name) == _kind(place)]
    if not fitting:
        raise CannotDo(f"No attached file is of the kind of {place}, so it stays as it is.")
    site.copies[place] = fitting[0]
    return f"Put {fitting[0].name} in the place of {place}; its address is the same."


def _attached() -> list[Path]:
    folder = Path.home() / _FOLDER
    files = sorted(file for file in folder.iterdir() if file.is_file()) if folder.is_dir() else []
    if not files:
        raise CannotDo("No file came with this request. Attach it, and ask again.")
    return files


def _put(site: Website, path: str, file: Path) -> str:
    is_picture = file.suffix.lower() in _PICTURES
    place = _free_place(site, path, file.name, is_picture=is_picture)
    site.copies[place] = file
    address, words = escape(relative(path, place)), re.sub(r"[-_]+", " ", file.stem)
    if is_picture:
        shown = f'<img src="{address}" alt="{escape(words)}" style="max-width: 100%; height: auto">'
        told = f"I can't see pictures, so its alt text is its name, “{short(words)}”: tell me what it shows."
    else:
        shown, told = f'<a href="{address}">{escape(words)}</a>', "I linked it by its name."
    document = site.document(path)
    content = f"\n  <p>{shown}</p>\n"
    site.files[path] = splice(document.text, [add_at_end(document, last_section(document), content)])
    return f"Put {place} at the end of {path}. {told}"


def _free_place(site: Website, page: str, name: str, *, is_picture: bool) -> str:
    """Where the file goes: beside other pictures if there is a folder of them, and in nobody's place."""
    root = posixpath.dirname(site.home)
    folders = [posixpath.join(root, folder) for folder in _PICTURE_FOLDERS]
    folder = next(filter(lambda one: Path(one).is_dir(), folders), folders[0]) if is_picture else root
    stem, dot, ending = name.rpartition(".")
    for number in range(1, 1000):
        numbered = name if number == 1 else f"{stem}-{number}{dot}{ending}"
        place = posixpath.join(folder, numbered)
        if place not in site.copies and not Path(place).exists():
            return place
    raise CannotDo(f"There are too many files called {name}.")


def _named(old: str) -> str:
    """The file of the site that a person means by its path or its name."""
    wanted = old.strip("/").casefold()
    files = sorted(file.as_posix() for file in Path().rglob("*") if file.is_file() and not file.is_symlink())
    for found in ([file for file in files if file.casefold() == wanted], [f for f in files if _has_name(f, wanted)]):
        if len(found) == 1:
            return found[0]
        if found:
            raise CannotDo(f"There are {len(found)} files called {short(old)}: say which, such as {found[0]}.")
    raise CannotDo(f"The site has no file called {short(old)}.")


def _has_name(file: str, wanted: str) -> bool:
    return posixpath.basename(file).casefold() == wanted


def _kind(name: str) -> str:
    return name.rpartition(".")[2].lower().replace("jpeg", "jpg")
