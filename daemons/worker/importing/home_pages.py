"""Recognises home pages by their many names, and renames them to `index.html` or `index.htm`, which nginx serves."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable

_LANGUAGES = frozenset(
    (
        "aa ab af ak am ar an as av ae ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee"
        " el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io"
        " is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn"
        " mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se"
        " sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo"
        " wa wo xh yi yo za zh zu"
    ).split()
)
_SERVED = ("index.html", "index.htm")
_OTHER = ("default.html", "default.htm")
_PROSE = ("home.html", "home.htm", "welcome.html", "welcome.htm")
_LANGUAGE = re.compile(r"index\.([a-z]{2})(?:[-_][a-z]{2,4})?\.html?|index\.html?\.([a-z]{2})(?:[-_][a-z]{2,4})?")
_LANGUAGE_LAST = re.compile(r"(.+)(\.html?)\.(([a-z]{2})(?:[-_][A-Za-z]{2,4})?)")


def is_home(name: str) -> bool:
    """Whether some web server shows this file for its folder."""
    return _rank(name) is not None


def _rank(name: str) -> tuple[int, str] | None:
    """The lower, the likelier the file is its folder's home page; None if it is none."""
    small = name.lower()
    if name in _SERVED:
        return _SERVED.index(name), ""
    if small in _SERVED:
        return 2 + _SERVED.index(small), name
    if small in _OTHER:
        return 4 + _OTHER.index(small), name
    match = _LANGUAGE.fullmatch(small)
    language = match and (match[1] or match[2])
    if not language or language not in _LANGUAGES:
        return None
    return (6 if language == "en" else 7), name


def home_renames(paths: Iterable[str]) -> dict[str, str]:
    """Old path → new path, so that nginx finds each folder's home page and serves every page as a page.

    Apache also puts the language last, as in `about.html.de`: nginx would offer that as a download.
    """
    folders: dict[str, set[str]] = defaultdict(set)
    for path in paths:
        folder, slash, name = path.rpartition("/")
        folders[folder + slash].add(name)
    return {
        f"{folder}{old}": f"{folder}{new}"
        for folder, names in folders.items()
        for old, new in _renames(names, top=not folder).items()
    }


def _renames(names: set[str], *, top: bool) -> dict[str, str]:
    renames: dict[str, str] = {}
    homes = sorted((rank, name) for name in names if (rank := _rank(name)))
    if top and not homes:
        homes = [((9, name), name) for name in _PROSE if name in names][:1]
    if homes and homes[0][0][0] > 1:
        renames[homes[0][1]] = "index.html"
    for name in sorted(names - renames.keys()):
        match = _LANGUAGE_LAST.fullmatch(name)
        if match and match[4] in _LANGUAGES and not name.endswith(".br"):
            wanted = (match[1] + match[2], f"{match[1]}.{match[3]}{match[2]}")
            renames[name] = _free(wanted, {*names, *renames.values()})
    return {old: new for old, new in renames.items() if new}


def _free(wanted: Iterable[str], taken: Collection[str]) -> str:
    small = {name.lower() for name in taken}
    return next((name for name in wanted if name.lower() not in small), "")
