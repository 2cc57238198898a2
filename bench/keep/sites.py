"""The sites of the benchmark by name: ten of ours, made by code, and ten of others from npm that tests fetch."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench.keep import content, own_styles
from bench.keep.furnish import Typo, furnished, with_typo
from bench.keep.styles import built
from shared.domain.site_templates import instantiate
from shared.domain.tree import Tree

FETCHED = Path(__file__).parents[2] / ".sites" / "node_modules"
_KEPT = frozenset(".html .htm .css .js .mjs .png .jpg .jpeg .gif .svg .webp .ico .woff .woff2 .json .pdf .txt".split())

OWN: dict[str, Callable[[], Tree]] = {
    "template": lambda: instantiate("small-business", "Mill Bakery"),
    "tables": lambda: built(content.LAWYER, own_styles.TABLES),
    "minified": lambda: built(content.BAKERY, own_styles.MINIFIED),
    "windows": lambda: built(content.LAWYER, own_styles.WINDOWS),
    "framework": lambda: built(content.SHOP, own_styles.FRAMEWORK),
    "markdown": lambda: built(content.BAKERY, own_styles.MARKDOWN),
    "inline": lambda: built(content.LAWYER, own_styles.INLINE),
    "german": lambda: built(content.INN, own_styles.GERMAN),
    "shop": lambda: built(content.SHOP, own_styles.SHOP_SYSTEM),
    "many-pages": lambda: built(content.MANY, own_styles.SEMANTIC),
}
# The folder of each package that is a site.
OTHERS = {
    "html5-boilerplate": "dist",
    "impress.js": ".",
    "jquery-ui-dist": ".",
    "reveal.js": ".",
    "skeleton-css": ".",
    "startbootstrap-creative": "dist",
    "startbootstrap-resume": "dist",
    "startbootstrap-sb-admin": "dist",
    "startbootstrap-sb-admin-2": ".",
    "startbootstrap-simple-sidebar": "dist",
}


@dataclass(frozen=True)
class BenchSite:
    """A site as its owner has it before a request, and the typo on it."""

    name: str
    tree: Tree
    typo: Typo

    @property
    def is_german(self) -> bool:
        return b'lang="de"' in self.tree["index.html"][:500]


@cache
def site(name: str) -> BenchSite:
    """One of the sites. Raises KeyError for a name that none has, FileNotFoundError for one that was not fetched."""
    tree = OWN[name]() if name in OWN else _read(FETCHED / name / OTHERS[name])
    return BenchSite(name, *with_typo(furnished(tree)))


def _read(folder: Path) -> Tree:
    """The files of a package that browsers open, and of those that are no pages only what another one names."""
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is not there: run bin/setup-sites")
    files = (file for file in sorted(folder.rglob("*")) if file.is_file() and file.suffix.lower() in _KEPT)
    paths = {file.relative_to(folder).as_posix(): file for file in files}
    found = {
        path: file.read_bytes()
        for path, file in paths.items()
        if not any(part.startswith(".") or part == "node_modules" for part in path.split("/"))
    }
    texts = b"".join(data for path, data in found.items() if path.endswith((".html", ".css")))
    return {
        path: data for path, data in found.items() if path.endswith(".html") or path.split("/")[-1].encode() in texts
    }
