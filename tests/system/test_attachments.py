"""Files from a person to visitors: prepared in the sandbox, used by the agent, in preview under their addresses."""

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cli.local.visitor import visit
from tests.support.attached_files import PLACE, SAMPLES, Sample
from tests.support.local_system import LocalSystem
from tests.support.packed import zip_of
from tests.support.site_journey import import_archive

pytestmark = pytest.mark.xdist_group("practice-system")

PUT = "Put the picture on the home page"


def sample(name: str) -> Sample:
    return next(one for one in SAMPLES if one.name == name)


def ask(system: LocalSystem, site: str, folder: Path, message: str, *names: str) -> dict[str, Any]:
    """An edit with these samples, once it has ended."""
    ids = []
    for name in names:
        (folder / name).write_bytes(sample(name).data)
        ids.append(system.client.upload(site, folder / name)["id"])
    return system.finish(system.ask(site, message, attachments=ids))


def test_a_photo_from_a_phone_comes_to_the_home_page_without_its_place(
    local_system: LocalSystem, tmp_path: Path
) -> None:
    local_system.new_site("photos")
    job = ask(local_system, "photos", tmp_path, PUT, "IMG_2034.HEIC")
    assert (job["state"], job["version"], job["attachments"]) == ("succeeded", 2, ["IMG_2034.HEIC"]), job
    assert job["message"] == f"{PUT}\n\n📎 IMG_2034.HEIC"
    steps = [step["text"] for step in job["steps"]]
    assert "Prepared IMG_2034.HEIC: it lost the place where it was taken, became a JPEG, which browsers show" in steps
    assert '<img src="images/IMG_2034.jpg" alt="IMG 2034"' in local_system.page("preview--photos")
    picture = visit(local_system.site_url("preview--photos", "/images/IMG_2034.jpg"))
    assert PLACE in sample("IMG_2034.HEIC").data and PLACE not in picture
    assert Image.open(BytesIO(picture)).size == (1280, 960)
    version = local_system.client.get("/sites/photos/versions/2")
    assert [change["path"] for change in version["files"]["added"]] == ["images/IMG_2034.jpg"]
    assert [change["path"] for change in version["files"]["modified"]] == ["index.html"]


def test_a_new_document_has_the_address_of_the_old_one(local_system: LocalSystem, tmp_path: Path) -> None:
    old = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    link = b"<p><a href=files/card.pdf>The menu</a> of today.</p>"
    home = b"<!doctype html><html lang=en><title>Tea</title><h1>Tea</h1>" + link
    import_archive(local_system, "menus", zip_of({"index.html": home, "files/card.pdf": old}), ".zip")
    job = ask(local_system, "menus", tmp_path, "Replace card.pdf by the attached file", "script.pdf")
    version = local_system.client.get(f"/sites/menus/versions/{job['version']}")
    [changed] = version["files"]["modified"]
    assert (changed["path"], version["files"]["added"]) == ("files/card.pdf", [])
    served = visit(local_system.site_url("preview--menus", "/files/card.pdf"))
    assert hashlib.sha256(served).hexdigest() == changed["after"]
    assert b"/JavaScript" in sample("script.pdf").data and b"/JavaScript" not in served


def test_a_file_that_is_cut_off_fails_the_request_by_its_name(local_system: LocalSystem, tmp_path: Path) -> None:
    local_system.new_site("cut")
    job = ask(local_system, "cut", tmp_path, PUT, "drawing.svg", "cut.jpg")
    assert (job["state"], job["version"]) == ("failed", None)
    assert job["error"]["detail"] == "cut.jpg is incomplete: it ends too early."
