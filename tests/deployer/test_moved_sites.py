"""nginx and the marks of sites that moved: where visitors are sent, and what stays under a site's name."""

from itertools import product
from pathlib import Path

import pytest

from daemons.deployer.address_marks import AddressMarks
from daemons.deployer.addresses import Marks, steps
from tests.support.web_server import WebServer

SCRIPT = {"Sec-Fetch-Mode": "no-cors"}


def mark(root: Path, wanted: Marks) -> None:
    marks = AddressMarks(root)
    for step in steps(wanted, marks.read()):
        marks.carry_out(step)


@pytest.fixture
def server(web_server: WebServer) -> WebServer:
    """`bakery` is found at `brot`; it was at `laden`, too. `cafe` has left its name for good; `to` never moved."""
    for site in ("bakery", "cafe", "to"):
        for version, files in {1: ("old.js",), 2: ("index.html", "404.html", "about.html")}.items():
            for name in (*files, ".pagewright/release.json", ".well-known/security.txt"):
                path = web_server.sites / site / "releases" / str(version) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(f"{site}: {name}")
        for name, version in (("current", 2), ("before", 1), ("preview", 2)):
            (web_server.sites / site / name).symlink_to(f"releases/{version}")
        (web_server.sites / site / "trouble.json").write_text(f"{site}: trouble")
    served = {"brot": "bakery", "kaffee": "cafe"}
    mark(web_server.sites, Marks(served, {"bakery": "brot", "laden": "brot", "cafe": None}))
    return web_server


PATHS = ("/", "/about?a=1&b=%3F", "/deep/p%C3%A4th/x.html?x=/..", "/.well-known/security.txt", "//evil.test/x", "/.env")


def test_an_address_that_was_left_leads_to_the_same_page(server: WebServer) -> None:
    for label, path, port in product(("bakery", "laden", "BAKERY"), PATHS, ("", ":8080")):
        answer = server.get(f"{label}.sites.test{port}", path)
        assert (answer.status, answer.headers["location"]) == (301, f"http://brot.sites.test{port}{path}")
        assert (answer.headers["cache-control"], answer.headers["access-control-allow-origin"]) == ("no-cache", "*")


def test_it_leads_whoever_only_asks_and_nobody_who_sends(server: WebServer) -> None:
    assert server.get("bakery", method="HEAD").status == 301
    assert server.get("bakery", method="POST").status == 405


def test_at_the_new_address_is_the_published_site(server: WebServer) -> None:
    bodies = {path: server.get("brot", path).body.decode() for path in ("/", "/about", "/nothing")}
    assert bodies == {"/": "bakery: index.html", "/about": "bakery: about.html", "/nothing": "bakery: 404.html"}
    assert server.get("brot", "/old.js", SCRIPT).body == b"bakery: old.js", "an open page still loads it"
    told = server.get("brot", "/.well-known/pagewright.json")
    assert (told.status, told.body) == (200, b"bakery: .pagewright/release.json")


def test_views_and_questions_to_the_host_stay_under_the_name(server: WebServer) -> None:
    assert {view: server.get(f"{view}--bakery").body for view in ("preview", "v2")} == {
        "preview": b"bakery: index.html",
        "v2": b"bakery: index.html",
    }
    for view in ("preview--brot", "v2--brot", "preview--laden", "v1--laden"):
        assert server.get(view).status == 404, view
    for path, body in (
        ("pagewright.json", b"bakery: .pagewright/release.json"),
        ("pagewright-trouble.json", b"bakery: trouble"),
    ):
        assert server.get("bakery", f"/.well-known/{path}").body == body


def test_an_address_whose_time_is_over_shows_nothing(server: WebServer) -> None:
    for path in ("/", "/about", "/404.html"):
        answer = server.get("cafe", path)
        assert (answer.status, answer.body) == (404, b"There is no such page here.\n")
        assert answer.headers["content-type"].startswith("text/plain")
        assert "location" not in answer.headers
    assert server.get("kaffee").body == b"cafe: index.html"
    mark(server.sites, Marks({"brot": "bakery", "kaffee": "cafe"}, {"bakery": None, "cafe": "kaffee"}))
    assert (server.get("bakery").status, server.get("laden").status, server.get("cafe").status) == (404, 404, 301)


def test_a_site_that_did_not_move_notices_nothing(server: WebServer) -> None:
    """Even if it is called as the folders of the marks are, and nobody asks for our own addresses."""
    assert server.get("to").body == b"to: index.html"
    statuses = {host: server.get(host, "/.pagewright/moved").status for host in ("to", "brot", "preview--bakery")}
    assert set(statuses.values()) == {404}
    for host in ("gone", "from", "moved"):
        assert server.get(host).status == 404


def test_a_site_that_was_taken_down_and_moved_shows_nothing_anywhere(server: WebServer) -> None:
    (server.sites / "bakery/current").unlink()
    (server.sites / "bakery/before").unlink()
    assert server.get("brot").status == server.get("brot", "/old.js", SCRIPT).status == 404
    assert server.get("bakery").status == 301, "to where it will be"
    assert server.get("preview--bakery").status == 200
