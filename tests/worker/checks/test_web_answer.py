"""What the web hosts would answer; the contract test in tests/deployer asks nginx the same."""

from http import HTTPStatus

import pytest

from daemons.worker.checks.web_answer import WebAnswer, web_answer

FILES = {"index.html": b"<h1>Home</h1>", "about.html": b"<h1>About</h1>", "run.php": b"<?php", "blog/index.html": b"x"}


def answer(target: str, **more: bytes) -> WebAnswer:
    files = FILES | {name.replace("_", "."): data for name, data in more.items()}
    return web_answer(target, files, files.__getitem__)


@pytest.mark.parametrize("target", ["about", "/%", "/%00", "/../x", "/blog/../../x"])
def test_what_nginx_refuses_is_refused(target: str) -> None:
    assert answer(target).status is HTTPStatus.BAD_REQUEST


def test_a_page_is_answered_under_its_address_without_ending() -> None:
    about = answer("/about?x=1#y")
    assert (about.status, about.body) == (HTTPStatus.OK, FILES["about.html"])
    assert about.headers["Content-Type"].startswith("text/html")


def test_a_folder_without_its_slash_moves_and_keeps_the_query() -> None:
    moved = answer("/blog?x=1")
    assert (moved.status, moved.headers["Location"]) == (HTTPStatus.MOVED_PERMANENTLY, "/blog/?x=1")


def test_a_program_is_a_download() -> None:
    assert answer("/run.php").headers["Content-Disposition"] == "attachment"


def test_the_site_s_own_page_answers_what_is_missing() -> None:
    assert answer("/gone").body == b"There is no such page here.\n"
    missing = answer("/gone", **{"404_html": b"Nothing"})
    assert (missing.status, missing.body) == (HTTPStatus.NOT_FOUND, b"Nothing")
