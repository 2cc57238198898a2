"""What is checked is what is served (I6): nginx with a real release and the server of the checks answer alike."""

import gzip
import hashlib
import http.client
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from daemons.deployer.site_directory import SiteDirectory
from daemons.worker.checks.static_server import ServedFolder
from shared.domain.archive import pack
from shared.domain.file_list import encode_file_list, public_files
from shared.domain.served_release import served_files
from shared.domain.serving.addresses import resolve
from shared.domain.vocabulary import Slot
from tests.support.web_server import Answer, WebServer, ask, running_web_server

_SCRIPT = b"document.title = 'x' // and so on\n" * 60
_DIGEST = hashlib.sha256(_SCRIPT).hexdigest()
_PAGE = "<!doctype html><title>Bäckerei</title><p>Brötchen für 1 €</p>" + "<p>Mehr davon.</p>" * 99
_PUBLIC: dict[str, bytes] = {
    "index.html": _PAGE.encode(),
    "about.html": _PAGE.encode(),
    "ABC.HTML": _PAGE.encode(),
    "Prices.HTM": b"<p>small</p>",
    "404.html": "<meta charset=windows-1252><p>Schade, für 0 €".encode("cp1252"),
    "alt/index.htm": f"<meta charset=windows-1252>{_PAGE}".encode("cp1252"),
    "alt/raw.html": _PAGE.encode("cp1252"),
    "alt/jis.html": "<meta http-equiv=content-type content='text/html;charset=Shift_JIS'>日本語".encode("shift_jis"),
    "alt/utf16.html": _PAGE.encode("utf-16"),
    "alt/bom.html": b"\xef\xbb\xbf" + _PAGE.encode(),
    "alt/notes.txt": "Grüße".encode("cp1252"),
    "alt/old.css": "/* für */".encode("cp1252"),
    "alt/old.svg": b"<?xml version='1.0' encoding='iso-8859-15'?><svg xmlns='http://www.w3.org/2000/svg'/>",
    "alt/old.0123abcd.js": "// für".encode("cp1252"),
    "guide.html": b"<p>guide",
    "guide/start.html": b"<p>start",
    "docs.html": b"<p>docs",
    "docs/index.html": b"<p>docs/",
    "v1.2.html": b"<p>v1.2",
    "v1.2/x.txt": b"x",
    "node.js.html": b"<p>node",
    "node.js/x.txt": b"x",
    "deno.js.html": b"<p>deno",
    "empty/x.txt": b"x",
    "LICENSE": b"MIT",
    "a b/Müller & Söhne's 100+1.html": b"<p>odd",
    "a b/Müller & Söhne/index.html": b"<p>odd folder",
    "100% & more; $5.html": b"<p>more",
    "100% & more; $5/x.txt": b"more",
    "q/hä?.html": b"<p>asked",
    "q/hä? 100%25;a+b#c&d=e.html": b"<p>asked more",
    "why? 50% #1/x.txt": b"why",
    "what?/index.html": b"<p>what",
    "evil/example.html": b"<p>no host",
    "a.xhtml": b"<html xmlns='http://www.w3.org/1999/xhtml'/>",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "drawing.svgz": gzip.compress(b"<svg xmlns='http://www.w3.org/2000/svg'/>", mtime=0),
    "drawing-20240101.svgz": gzip.compress(b"<svg xmlns='http://www.w3.org/2000/svg'/>", mtime=0),
    "backup-20240101.sh": b"echo",
    "setup.py.html": b"<p>setup",
    "logo.svgz.html": b"<p>logo",
    f"js/app.{_DIGEST[:12]}.js": _SCRIPT,
    "js/app.0123abcd.js": _SCRIPT,
    "data.json": b"{}",
    "tour.kml": b"<kml/>",
    "live.m3u8": b"#EXTM3U",
    "menu.docx": b"PK",
    "photo.JPG": b"\xff\xd8\xff",
    "locales/calendar.pl.js": b"// pl",
    "login.html.gz": gzip.compress(b"<title>ghost</title>", mtime=0),
    "login.0123abcd.html.gz": gzip.compress(b"<title>ghost</title>", mtime=0),
    "ghost.gz": gzip.compress(b"<title>ghost</title>", mtime=0),
    "backup.tar.gz": gzip.compress(b"tar", mtime=0),
    "twin.html": _PAGE.encode(),
    "twin.html.gz": gzip.compress(_PAGE.encode(), mtime=0),
    # What versions may hold that were made before the worker left such files out.
    "alt/raw.html.gz": gzip.compress(_PAGE.encode("cp1252"), mtime=0),
    "photo.JPG.gz": gzip.compress(b"\xff\xd8\xff", mtime=0),
    "rooms.html.gz": gzip.compress(b"<title>ghost</title>", mtime=0),
    "rooms.html/index.html": b"<p>rooms",
    "404.html.br": b"no brotli",
    "about.html.br": b"no brotli",
    "ghost.html.br": b"no brotli",
    "docs.html.gz/x.txt": b"x",
    "setup.py.gz": gzip.compress(b"ghost", mtime=0),
    "menu.docx.gz": gzip.compress(b"PK", mtime=0),
    "LICENSE.gz": gzip.compress(b"MIT", mtime=0),
    "SIGN-IN.HTML.GZ": gzip.compress(b"<title>ghost</title>", mtime=0),
    ".well-known/security.txt": b"Contact: x",
    ".well-known/apple-app-site-association": b"{}",
    "apple-app-site-association": b"{}",
}


def _addresses() -> list[str]:
    """Every file, every name cut or lengthened in the ways that people and programs do it, and hostile ones."""
    made: dict[str, None] = dict.fromkeys(["/", "/nowhere", "/nowhere/", "/nowhere.js", "/login.html", "/ghost"])
    for path in _PUBLIC:
        folders = ["/".join(path.split("/")[:depth]) for depth in range(1, path.count("/") + 1)]
        for name in (path, path.removesuffix(".html"), path.removesuffix(".gz"), *folders):
            made |= dict.fromkeys([quote(f"/{name}"), quote(f"/{name}/"), quote(f"/{name}").lower()])
    made |= dict.fromkeys(
        "/about?q=1&r=2 /about/?q=1&r=2 /empty?q=%20 //about //about/ /x/../about /./about /about%2f /%61bout /about#x"
        " /about%00 /about%zz /../about /about/.. /about/. /%2e%2e/about /.well-known /.well-known/ /.env /x/.env/y"
        " /.pagewright/plain/alt/raw.html. /.pagewright/ /about/%0d%0aX:y /about%3f /a%3fb/ /%ff /404 /index "
        " /docs/index /alt/jis /js/app.0123abcd /css//x /evil.example/ //evil.example/%2e%2e /\\about/ /about.html.gz"
        " /index.html.html //evil/example/ ///evil/example/?q //evil/example/%2f /%2fevil/example/ /%5cevil/example/"
        " /q/x/../h%C3%A4%3F/?a=%3F&b=%0d%0a;c+d //q//h%C3%A4%3f///?? /q/h%C3%A4%3F?q=1 /why%3f%2050%25%20%231?x#y"
        " /what%3F?? /about/? /about/?? /about/%0a /about/%0d%0aX:y/ /about%0a/ /about%23/ /about;/ /about+/"
        " /about%3Fq=1/ /about/;x /what? /q/h%E4%3F/".split()
    )
    return [address for address in made if address not in _TWINS]


# Our own twins may be asked for by name; the checks' server has none. Nothing leads there.
_TWINS = {"/about.html.gz", "/index.html.gz"}


@dataclass(frozen=True)
class Both:
    """The two servers of the same site."""

    nginx: WebServer
    checks: str

    def ask_nginx(self, address: str, host: str = "bakery", accept: str = "identity") -> Answer:
        return self.nginx.get(host, address, {"Accept-Encoding": accept})

    def ask_checks(self, address: str, method: str = "GET") -> Answer:
        connection = http.client.HTTPConnection(self.checks.removeprefix("http://"), timeout=10)
        try:
            return ask(connection, "127.0.0.1", address, method=method)
        finally:
            connection.close()


@pytest.fixture(scope="module")
def both() -> Iterator[Both]:
    folder = Path(tempfile.mkdtemp(prefix="pw"))
    release(folder / "sites", 1, _PUBLIC)
    directory = SiteDirectory(folder / "sites", "bakery")
    for slot in Slot:
        directory.switch(slot, 1)
    for path, data in _PUBLIC.items():
        (folder / "public" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "public" / path).write_bytes(data)
    with running_web_server(folder / "sites") as nginx:
        yield Both(nginx, ServedFolder(folder / "public").origin)
    shutil.rmtree(folder)


def release(sites: Path, version: int, public: dict[str, bytes]) -> None:
    sites.mkdir(exist_ok=True)
    listed = encode_file_list(public_files(public, None, 1001))
    SiteDirectory(sites, "bakery").release(version, served_files(pack({}, public), listed, 1001))


def _told(answer: Answer, *, body: bool = True) -> tuple[object, ...]:
    """What a browser goes by: an answer that it does not show has no body for it."""
    headers = answer.headers
    shown = answer.status in (200, 404)
    address, _, query = headers.get("location", "").partition("?")
    return (
        answer.status,
        unquote(address, errors="surrogateescape"),
        query,
        headers.get("content-type") if shown else None,
        headers.get("content-encoding"),
        headers.get("content-disposition"),
        headers.get("x-content-type-options") if shown else None,
        answer.body if shown and body else None,
    )


@pytest.mark.parametrize("address", _addresses())
def test_i6_both_servers_answer_alike(both: Both, address: str) -> None:
    expected = _told(both.ask_checks(address))
    for host in ("bakery", "preview--bakery", "v1--bakery"):
        assert _told(both.ask_nginx(address, host)) == expected


@pytest.mark.parametrize("path", _PUBLIC)
def test_i6_every_file_is_served_byte_by_byte(both: Both, path: str) -> None:
    plain, packed = (both.ask_nginx(quote(f"/{path}"), accept=accept) for accept in ("identity", "gzip"))
    assert (plain.status, plain.body) == (200, _PUBLIC[path])
    assert packed.headers["content-type"] == plain.headers["content-type"]
    is_twin = packed.headers.get("content-encoding") == "gzip" and not path.endswith(".svgz")
    assert (gzip.decompress(packed.body) if is_twin else packed.body) == _PUBLIC[path]


@pytest.mark.parametrize("address", _addresses())
def test_i6_links_are_judged_as_they_are_answered(both: Both, address: str) -> None:
    """Following an address ends where `resolve` says, after one redirect at most."""
    bare = unquote(address.partition("?")[0].partition("#")[0], errors="surrogateescape")
    if ".." in bare or "/." in bare or "%0" in address or "%z" in address:
        return  # a browser has taken these out of the address, or sends no such thing
    answer = both.ask_nginx(address)
    if answer.status == 301:
        answer = both.ask_nginx(answer.headers["location"])
    file = resolve(bare, _PUBLIC.keys())
    assert (answer.status, answer.body) == ((200, _PUBLIC[file]) if file else (404, _PUBLIC["404.html"]))


def test_the_matrix_holds_what_it_is_for(both: Both) -> None:
    """The two are alike, and right."""
    told = {
        "/alt/": "text/html",
        "/alt/raw": "text/html",
        "/alt/jis.html": "text/html",
        "/alt/bom": "text/html; charset=utf-8",
        "/ABC.HTML": "text/html; charset=utf-8",
        "/about": "text/html; charset=utf-8",
        "/alt/notes.txt": "text/plain",
        "/alt/old.css": "text/css",
        "/alt/old.svg": "image/svg+xml",
        "/drawing.svgz": "image/svg+xml",
        "/alt/old.0123abcd.js": "text/javascript",
        "/nowhere": "text/html",
        "/tour.kml": "application/vnd.google-earth.kml+xml; charset=utf-8",
        "/live.m3u8": "application/vnd.apple.mpegurl",
        "/.well-known/apple-app-site-association": "application/json; charset=utf-8",
        "/LICENSE": "application/octet-stream",
    }
    assert {address: both.ask_nginx(address).headers["content-type"] for address in told} == told
    assert both.ask_nginx("/about", accept="gzip").headers["content-encoding"] == "gzip"
    ghosts = "/login.html /login /login.0123abcd.html /ghost /ghost.html /backup.tar /SIGN-IN.HTML /SIGN-IN"
    for ghost in ghosts.split():
        assert both.ask_nginx(ghost, accept="gzip").status == 404


def test_redirects_stay_on_the_site_and_name_every_character(both: Both) -> None:
    """No host, no line end and no fragment gets into a Location, whatever was asked for."""
    answers = {address: both.ask_nginx(address) for address in _addresses()}
    moved = {address: answer.headers["location"] for address, answer in answers.items() if answer.status == 301}
    assert all(re.fullmatch(r"/[^/\\#\s][^#\s]*", location) for location in moved.values())
    assert moved["//evil/example/"] == "/evil/example"
    assert moved["/q/h%C3%A4%3F/"] == "/q/h%C3%A4%3F"
    assert moved["/q/x/../h%C3%A4%3F/?a=%3F&b=%0d%0a;c+d"] == "/q/h%C3%A4%3F?a=%3F&b=%0d%0a;c+d"
    assert "/about/%0a" not in moved


def test_methods_are_treated_alike(both: Both) -> None:
    for address in ("/", "/about", "/nowhere", "/docs/"):
        head = both.ask_checks(address, "HEAD")
        assert _told(head) == _told(both.nginx.get("bakery", address, method="HEAD"))
        assert head.body == b""
