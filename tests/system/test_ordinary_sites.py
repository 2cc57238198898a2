"""Ordinary sites as people bring them, each of a kind that goes wrong easily: import, preview, edit, publish."""

import gzip
import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from tests.support.local_system import LocalSystem
from tests.support.packed import finder_zip_of, tar_of, zip_of
from tests.support.site_journey import (
    Files,
    Imported,
    edit_and_publish,
    import_archive,
    visit,
)

pytestmark = pytest.mark.xdist_group("practice-system")


def page(body: str, charset: str = "utf-8", codec: str = "utf-8") -> bytes:
    head = f'<meta charset="{charset}"><title>Café Kite</title>'
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>{body}</body></html>\n'.encode(codec)


HOME = page('<h1>Old</h1><p>Read <a href="about.html">about us</a>.</p>')
ABOUT = page("<h1>About</h1>\n" + "<p>We are three, and this is a page that is worth compressing.</p>\n" * 40)
FOLDER = {"index.html": HOME, "about.html": ABOUT}
ORDER = "mailto:a@b.example?body=" + "please%20" * 80
PICTURE = "data:image/svg+xml," + "%20" * 300 + "%3Csvg%20xmlns='http://www.w3.org/2000/svg'/%3E"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n"
)


def mac_zip(files: Files) -> bytes:
    """As Finder packs it: decomposed names that nothing says are UTF-8, and its own notes."""
    decomposed = {unicodedata.normalize("NFD", name): data for name, data in files.items()}
    return finder_zip_of(decomposed | {f"__MACOSX/._{name}": b"\0\5\x16\7" for name in decomposed})


def linked_tar(files: Files) -> bytes:
    return tar_of(files, {"about.html": "v2.html"})


@dataclass(frozen=True)
class Ordinary:
    """An archive, the edit that is asked for, the files that it changes, and which checks warn after the import."""

    files: Files
    request: str = 'Change the headline to "New"'
    changed: tuple[str, ...] = ("index.html",)
    warned: tuple[str, ...] = ()
    pack: Callable[[Files], bytes] = zip_of
    suffix: str = ".zip"
    kept: Files | None = None  # what becomes the site, if it is not simply the archive


SITES = {
    "windows-1252": Ordinary(
        {"index.html": page("<h1>Brötchen … 2 €</h1><p>Grüße</p>", "windows-1252", "cp1252"), "about.html": ABOUT},
        'Change the headline to "Süßes … 3 €"',
    ),
    "index-htm": Ordinary({"index.htm": HOME, "about.html": ABOUT}, changed=("index.htm",)),
    "upper-case": Ordinary(
        {
            "index.html": HOME.replace(b"about.html", b"ABOUT.HTML"),
            "ABOUT.HTML": page('<h1>A</h1><img src="no.png" alt="x">'),
        },
        'Change the headline of ABOUT.HTML to "New"',
        ("ABOUT.HTML",),
        ("requests", "images"),
    ),
    "clean-addresses": Ordinary(
        {"index.html": HOME.replace(b"about.html", b"/about"), "about.html": ABOUT},
        'Change the headline of about.html to "New"',
        ("about.html",),
    ),
    "mac-zip": Ordinary(
        {"index.html": HOME.replace(b"about.html", "menü.html".encode()), "menü.html": ABOUT},
        'Change the headline of menü.html to "New"',
        ("menü.html",),
        pack=mac_zip,
    ),
    "linked-tar": Ordinary(
        {"index.html": HOME, "v2.html": ABOUT},
        pack=linked_tar,
        suffix=".tar",
        kept={"index.html": HOME, "v2.html": ABOUT, "about.html": ABOUT},
    ),
    "long-addresses-and-a-frame": Ordinary(
        {
            "index.html": page(f'<h1>Old</h1><a href="{ORDER}">Order</a><img alt="x" src="{PICTURE}">'),
            "menu.html": page('<iframe title="Menu" src="menu.pdf"></iframe>'),
            "menu.pdf": PDF,
        }
    ),
    "twin": Ordinary(
        {"index.html": HOME, "about.html": ABOUT, "about.html.gz": gzip.compress(b"older")},
        'Change the headline of about.html to "New"',
        ("about.html",),
        kept=FOLDER,
    ),
    "server-files": Ordinary(
        {
            "index.html": HOME,
            "about.html": ABOUT,
            "_redirects": b"/old /about.html 301\n/older /about.html 301\n",
            ".htaccess": b"ErrorDocument 404 /about.html\n",
            "CNAME": b"www.kite.example\n",
        },
        warned=("import",),
        kept=FOLDER,
    ),
    "lost-page-without-style": Ordinary(
        {
            "index.html": HOME,
            "about.html": ABOUT,
            "404.html": page("<h1>Lost</h1>").replace(b"</head>", b"<link rel=stylesheet href=a.css></head>"),
            "a.css": b"p { margin: 0 }\n",
        },
        warned=("missing page",),
    ),
}


# What the audit of pages finds on sites that nobody audited before.
ADVICE = {
    "structure",
    "search engines",
    "alternative text",
    "picture quality",
    "width",
    "narrow screens",
    "weight",
    "accessibility",
    "markup",
}


@pytest.mark.parametrize("name", SITES)
def test_ordinary_site_from_import_to_publication(name: str, local_system: LocalSystem) -> None:
    """I6, I10: its files are served as they came, an edit changes what was asked for, no old fault is in its way."""
    ordinary = SITES[name]
    imported = import_archive(local_system, name, ordinary.pack(ordinary.files), ordinary.suffix)
    assert imported.files == (ordinary.kept or ordinary.files)
    troubled = {name for name, check in imported.checks.items() if check["status"] != "passed"}
    assert troubled - ADVICE == set(ordinary.warned), imported.checks
    after = edit_and_publish(local_system, name, imported.files, ordinary.request, set(ordinary.changed))
    if name in LOOKS:
        LOOKS[name](local_system, imported, after)


def looks_western(system: LocalSystem, imported: Imported, after: Files) -> None:
    """The declaration in the page is not outranked, and the edit stayed in its encoding."""
    for path, charset in (("", "windows-1252"), ("about.html", "utf-8")):
        kind = visit(system, "windows-1252", path).headers["content-type"]
        assert kind.lower() in ("text/html", f"text/html; charset={charset}")
    assert "Süßes … 3 €" in after["index.html"].decode("cp1252")


def finds_clean_addresses(system: LocalSystem, imported: Imported, after: Files) -> None:
    for address in ("about", "about.html"):
        reply = visit(system, "clean-addresses", address)
        assert (reply.status, reply.body) == (200, after["about.html"]), address
    reply = visit(system, "clean-addresses", "about/")
    assert (reply.status, urlsplit(reply.headers["location"]).path) == (301, "/about")


def finds_index_htm(system: LocalSystem, imported: Imported, after: Files) -> None:
    assert visit(system, "index-htm", "").body == after["index.htm"]


def is_page_in_capitals(system: LocalSystem, imported: Imported, after: Files) -> None:
    assert visit(system, "upper-case", "ABOUT.HTML").headers["content-type"].startswith("text/html")


def has_a_fresh_twin(system: LocalSystem, imported: Imported, after: Files) -> None:
    assert any("about.html.gz" in finding for finding in imported.checks["import"]["findings"])
    for host in ("twin", "preview--twin"):
        reply = visit(system, host, "about.html", "gzip")
        assert reply.headers["content-encoding"] == "gzip"
        assert gzip.decompress(reply.body) == after["about.html"]


def tells_of_server_files(system: LocalSystem, imported: Imported, after: Files) -> None:
    told = json.dumps(imported.checks["import"])
    for name in ("_redirects", ".htaccess", "CNAME"):
        assert name in told
        assert visit(system, "server-files", name).status == 404


def warns_of_the_lost_page(system: LocalSystem, imported: Imported, after: Files) -> None:
    assert any("404.html" in finding for finding in imported.checks["missing page"]["findings"])
    reply = visit(system, "lost-page-without-style", "a/b/nothing")
    assert (reply.status, reply.body) == (404, after["404.html"])


LOOKS = {
    "windows-1252": looks_western,
    "clean-addresses": finds_clean_addresses,
    "index-htm": finds_index_htm,
    "upper-case": is_page_in_capitals,
    "twin": has_a_fresh_twin,
    "server-files": tells_of_server_files,
    "lost-page-without-style": warns_of_the_lost_page,
}
