"""nginx with our configuration: which host shows what, what is hidden, and how hostile requests end."""

import json
import socket
from pathlib import Path

import pytest

from tests.support.web_server import APP_ORIGIN, WebServer


@pytest.fixture
def server(web_server: WebServer) -> WebServer:
    """A web server with the site `bakery`: version 1 is current, version 2 in preview."""
    releases = web_server.sites / "bakery/releases"
    for version, files in {
        1: {
            "index.html": "one",
            "docs/index.html": "docs",
            "empty/x.txt": "",
            ".env": "secret",
            ".git/config": "secret",
        },
        2: {"index.html": "two", "404.html": "lost", "a.mjs": "", "b.webmanifest": "{}", "c.webp": "", "d.avif": ""},
    }.items():
        for path, text in files.items():
            file = releases / str(version) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
    (releases / "1/.well-known").mkdir()
    (releases / "1/.well-known/security.txt").write_text("Contact")
    (releases / "1/.well-known/.secret").write_text("secret")
    (releases.parent / "current").symlink_to("releases/1")
    (releases.parent / "preview").symlink_to("releases/2")
    return web_server


def test_hosts_show_their_version(server: WebServer) -> None:
    hosts = {"bakery": b"one", "BAKERY.Sites.Test": b"one", "bakery.sites.test:8080": b"one", "preview--bakery": b"two"}
    hosts |= {"v1--bakery": b"one", "v2--bakery": b"two"}
    assert {host: server.get(host).body for host in hosts} == hosts


@pytest.mark.parametrize("host", ["lawyer", "v3--bakery", "preview--lawyer", "v99999999999999--bakery"])
def test_what_is_not_there_is_a_plain_404(server: WebServer, host: str) -> None:
    for path in ("/", "/x", "/.well-known/pagewright.json"):
        answer = server.get(host, path)
        assert answer.status == 404
        assert answer.headers["content-type"].startswith(("text/plain", "application/json"))


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "sites.test", "127.0.0.1", "a.bakery.sites.test", "bakery.sitesxtest", "bakery.sites.test.evil",
        "v0--bakery", "v01--bakery", "v1--v1--bakery", "preview--preview--bakery", "current--bakery", "bakery--x",
        "-bakery", "bakery-", "x" * 41, "bak_ery", "app.test.sites.test.",
    ],
)  # fmt: skip
def test_an_unknown_host_never_gets_some_site(server: WebServer, host: str) -> None:
    answer = server.get(host)
    assert (answer.status, answer.body) == (421, b"There is no such site here.\n")


@pytest.mark.parametrize("host", ["", "..", "bakery/../x", "bakery\t", "ba kery", "%62akery", "../bakery", "."])
def test_a_malformed_host_is_refused(server: WebServer, host: str) -> None:
    """Bytes as they are on the wire: no client library puts them right."""
    with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
        name = f"{host}.sites.test" if host not in ("", ".") else host
        connection.sendall(f"GET / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
        status = connection.makefile("rb").readline().split()[1]
    assert status in (b"400", b"421")


@pytest.mark.parametrize(
    "path", ["/.env", "/.git/config", "/.git/", "/docs/../.env", "/%2eenv", "/.well-known/.secret"]
)
def test_hidden_files_stay_hidden(server: WebServer, path: str) -> None:
    answer = server.get("bakery", path)
    assert answer.status == 404
    assert b"secret" not in answer.body


def test_well_known_files_are_served(server: WebServer) -> None:
    assert server.get("bakery", "/.well-known/security.txt").body == b"Contact"


@pytest.mark.parametrize(
    "path",
    [
        "/..%2f..%2fpreview/index.html",
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/..%5c..",
        "/a%00.html",
    ],
)
def test_no_path_leads_out_of_a_release(server: WebServer, path: str) -> None:
    assert server.get("bakery", path).status in (400, 404)


def test_only_reading_is_allowed(server: WebServer) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PROPFIND", "FOO"):
        assert server.get("bakery", method=method).status == 405
    answer = server.get("bakery", method="HEAD")
    assert (answer.status, answer.headers["content-length"], answer.body) == (200, "3", b"")


def test_folders_redirect_without_naming_the_port(server: WebServer) -> None:
    answer = server.get("bakery", "/docs?q=1")
    assert (answer.status, answer.headers["location"]) == (301, "/docs/?q=1")
    assert server.get("bakery", "/docs/").body == b"docs"
    assert server.get("bakery", "/empty/").status == 404, "a folder without a page is not listed"


def test_a_site_may_have_its_own_404_page(server: WebServer) -> None:
    own = server.get("preview--bakery", "/nowhere")
    plain = server.get("bakery", "/nowhere")
    assert (own.status, own.body) == (404, b"lost")
    assert (plain.status, plain.body) == (404, b"There is no such page here.\n")


def test_headers_are_safe_everywhere(server: WebServer) -> None:
    for host, path, robots in [("bakery", "/", None), ("bakery", "/x", None), ("preview--bakery", "/", "noindex"),
                               ("v1--bakery", "/", "noindex"), ("preview--bakery", "/x", "noindex")]:  # fmt: skip
        headers = server.get(host, path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-cache"
        assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert headers["content-security-policy"] == f"frame-ancestors 'self' {APP_ORIGIN}"
        assert headers.get("x-robots-tag") == robots
        assert headers["server"] == "nginx", "no version number"


def test_our_page_around_a_page_is_on_previews_and_versions_alone(server: WebServer) -> None:
    """A file of a site under its address does not take its place; no other website than the UI may show it."""
    for version in (1, 2):
        hidden = server.sites / f"bakery/releases/{version}/.pagewright"
        hidden.mkdir()
        (hidden / "frame").write_text("the site's own")
    for host in ("preview--bakery", "v1--bakery"):
        answer = server.get(host, "/.pagewright/frame")
        assert answer.status == 200
        assert f'data-workspace="{APP_ORIGIN}"'.encode() in answer.body
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
        script = f"http://{host}.sites.test/.pagewright/frame.js"
        assert (policy["frame-ancestors"], policy["frame-src"], policy["script-src"]) == (APP_ORIGIN, "'self'", script)
        assert policy["default-src"] == "'none'"
        assert answer.headers["x-robots-tag"] == "noindex"
        assert "text/javascript" in server.get(host, "/.pagewright/frame.js").headers["content-type"]
    for path in ("/.pagewright/frame", "/.pagewright/frame.js"):
        assert server.get("bakery", path).status == 404


def test_types_are_right(server: WebServer) -> None:
    types = {"/": "text/html; charset=utf-8", "/a.mjs": "text/javascript; charset=utf-8", "/c.webp": "image/webp",
             "/b.webmanifest": "application/manifest+json; charset=utf-8", "/d.avif": "image/avif"}  # fmt: skip
    assert {path: server.get("preview--bakery", path).headers["content-type"] for path in types} == types


def _write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def test_published_fonts_and_data_may_be_used_by_other_sites(server: WebServer) -> None:
    files = {
        "a.woff2": "",
        "a.TTF": "",
        "data.json": "{}",
        "map.geojson": "{}",
        "index.html": "",
        "a.js": "",
        "a.png": "",
    }
    for release in ("1", "2"):
        _write(server.sites / "bakery/releases" / release, files)
    origins = {path: server.get("bakery", f"/{path}").headers.get("access-control-allow-origin") for path in files}
    assert origins == dict.fromkeys(["a.woff2", "a.TTF", "data.json", "map.geojson"], "*") | dict.fromkeys(
        ["index.html", "a.js", "a.png"]
    )
    for host in ("preview--bakery", "v1--bakery"):
        assert not any("access-control-allow-origin" in server.get(host, f"/{path}").headers for path in files)


def test_browsers_keep_what_is_marked_as_named_by_its_digest(server: WebServer) -> None:
    name, other = "js/app.0123abcd.js", "js/app.4567abcd.js"
    _write(server.sites / "bakery/releases/1", {name: "x", other: "x", f".pagewright/immutable/{name}.": ""})

    def kept(host: str, path: str) -> str:
        return server.get(host, f"/{path}").headers["cache-control"]

    assert kept("bakery", name) == "public, max-age=31536000, immutable"
    assert kept("bakery", other) == kept("v1--bakery", name) == kept("bakery", "index.html") == "no-cache"
    (server.sites / "bakery/releases/1" / name).unlink()
    answer = server.get("bakery", f"/{name}")
    assert (answer.status, answer.headers["cache-control"]) == (404, "no-cache"), "a mark alone promises nothing"


_ASSETS = ("app.js", "js/app.0123abcd.js", "a.css", "a.woff2", "a.svg", "a.png", "data.json", "a.mp4")


def test_an_open_page_still_finds_what_the_new_release_lacks(server: WebServer) -> None:
    site = server.sites / "bakery"
    _write(site / "releases/1", dict.fromkeys(_ASSETS, "before"))
    _write(site / "releases/2", {"a.css": "now"})
    (site / "current").unlink()
    (site / "current").symlink_to("releases/2")
    assert server.get("bakery", "/app.js").status == 404
    (site / "before").symlink_to("releases/1")
    for asset in _ASSETS:
        answer = server.get("bakery", f"/{asset}", {"Sec-Fetch-Mode": "no-cors"})
        assert (answer.status, answer.body) == (200, b"now" if asset == "a.css" else b"before")
        assert answer.headers["cache-control"] == "no-cache"
        if asset != "a.css":
            assert server.get("bakery", f"/{asset}", {"Sec-Fetch-Mode": "navigate"}).status == 404
            assert server.get("preview--bakery", f"/{asset}").status == 404
    (site / "before").unlink()
    assert server.get("bakery", "/app.js").status == 404


def test_no_page_and_no_document_of_the_release_before_is_shown(server: WebServer) -> None:
    site = server.sites / "bakery"
    gone = (
        "old.html",
        "old.HTM",
        "old/index.html",
        "a.xhtml",
        "a.xml",
        "a.pdf",
        "a.zip",
        "a.txt",
        "LICENSE",
        "x/.a.js",
    )
    _write(site / "releases/1", dict.fromkeys(gone, "before"))
    (site / "current").unlink()
    (site / "current").symlink_to("releases/2")
    (site / "before").symlink_to("releases/1")
    for path in (*gone, "old", "old/", "", ".pagewright/x.js"):
        answer = server.get("bakery", f"/{path}")
        assert b"before" not in answer.body
        assert answer.status == (200 if not path else 404)


def test_the_live_version_is_read_from_the_symlink(server: WebServer) -> None:
    site = server.sites / "bakery"
    for version in (2, 1):
        (site / ".next").symlink_to(f"releases/{version}")
        (site / ".next").rename(site / "current")
        answer = server.get("bakery", "/.well-known/pagewright.json")
        assert json.loads(answer.body) == {"site": "bakery", "version": version, "manifest": None}
        assert answer.headers["content-type"] == "application/json"
    (site / "current").unlink()
    assert server.get("bakery", "/.well-known/pagewright.json").status == 404


def test_a_release_tells_what_it_was_made_from(server: WebServer) -> None:
    """I6: nginx reads it from the release that it serves; the release's own list of files it shows to nobody."""
    record = server.sites / "bakery/releases/1/.pagewright"
    record.mkdir()
    (record / "release.json").write_text('{"site":"bakery","version":1,"manifest":"abc"}')
    (record / "files.json").write_text("secret")
    answer = server.get("bakery", "/.well-known/pagewright.json")
    assert (answer.status, json.loads(answer.body)["manifest"]) == (200, "abc")
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("application/json", "no-store")
    assert json.loads(server.get("v1--bakery", "/.well-known/pagewright.json").body)["manifest"] == "abc"
    for hidden in ("/.pagewright/files.json", "/.pagewright/release.json", "/.pagewright/"):
        assert server.get("bakery", hidden).status == 404


def test_a_host_tells_why_it_does_not_show_what_it_should(server: WebServer) -> None:
    address = "/.well-known/pagewright-trouble.json"
    for host in ("bakery", "preview--bakery", "lawyer"):
        assert (server.get(host, address).status, server.get(host, address).body) == (404, b"{}\n")
    (server.sites / "bakery/trouble.json").write_text('{"reason":"Its disk is full."}')
    (server.sites / "bakery/seen.json").write_text("secret")
    for host in ("bakery", "preview--bakery", "v9--bakery"):
        answer = server.get(host, address)
        assert (answer.status, json.loads(answer.body)) == (200, {"reason": "Its disk is full."})
        assert answer.headers["cache-control"] == "no-store"
    assert server.get("bakery", "/seen.json").status == 404


def test_a_request_of_any_size_leaves_the_server_well(server: WebServer) -> None:
    assert server.get("bakery", "/" + "a" * 20_000).status == 414
    assert server.get("bakery", headers={"X": "a" * 40_000}).status == 400
    assert server.get("bakery").status == 200
