"""`make pictures` finds its way through the pages: every picture is taken, of a change that the preview shows."""

from pathlib import Path

import pytest

from docs.pictures import PICTURES, take_pictures
from tests.support.browser import BrowserThread
from tests.support.local_system import LocalSystem

pytestmark = pytest.mark.xdist_group("practice-system")


def test_every_picture_is_taken(local_system: LocalSystem, in_browser: BrowserThread, tmp_path: Path) -> None:
    local_system.new_site("pictured")
    link = local_system.client.post("/sign-in-links", {"email": "owner@localhost"})["sign_in_link"]
    site = f"{local_system.url}/sites/pictured"
    in_browser(lambda browser: list(take_pictures(browser, link, site, tmp_path)))
    assert {picture.name for picture in tmp_path.iterdir()} == {picture.name for picture in PICTURES.iterdir()}
    assert local_system.client.get("/sites/pictured")["latest"] == 2
