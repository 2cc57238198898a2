"""Files of a message on the pages: sent one by one, or with the form where there is no JavaScript."""

import re

import httpx
import pytest

from tests.api.conftest import World
from tests.api.pages.conftest import FRAGMENT
from tests.support.attached_files import SAMPLES

PNG = next(one.data for one in SAMPLES if one.name == "shade.png")
PDF = next(one.data for one in SAMPLES if one.name == "menu.pdf")


def newest(world: World, site: str) -> dict:
    return dict(world.ana.get("jobs", params={"site": site}).json()["items"][0])


def test_a_file_is_sent_before_its_message(world: World, ana: httpx.Client) -> None:
    site = world.site()
    sent = ana.post(f"/sites/{site}/uploads", files={"file": ("oven.png", PNG)}, headers=FRAGMENT)
    assert (sent.status_code, sent.json()["name"]) == (201, "oven.png")
    fields = {"message": "Use it.", "attachments": sent.json()["id"], "attached-name": "oven.png", "use": "site"}
    shown = ana.post(f"/sites/{site}/messages", data={**fields, "key": "c" * 32}, headers=FRAGMENT)
    assert shown.status_code == 200
    assert newest(world, site)["attachments"] == ["oven.png"]
    [turn] = re.findall(r"<p class=\"text\">Use it\.</p>\s*<ul class=\"turn-files\".*?</ul>", shown.text, re.DOTALL)
    assert "oven.png" in turn and "📎" not in turn


@pytest.mark.parametrize(("data", "why"), [(b"MZ", "It is a program."), (b"", "x.exe is empty.")])
def test_what_can_not_be_used_is_told_at_the_file(world: World, ana: httpx.Client, data: bytes, why: str) -> None:
    refused = ana.post(f"/sites/{world.site()}/uploads", files={"file": ("x.exe", data)}, headers=FRAGMENT)
    assert refused.status_code == 422
    assert 'class="notice' in refused.text and why in refused.text


def test_without_javascript_files_come_with_the_form(world: World, ana: httpx.Client) -> None:
    site = world.site()
    files = [("files", ("oven.png", PNG)), ("files", ("menu.pdf", PDF)), ("files", ("", b""))]
    ana.post(f"/sites/{site}/messages", data={"message": "Use them."}, files=files)
    assert newest(world, site)["attachments"] == ["oven.png", "menu.pdf"]
    assert newest(world, site)["message"] == "Use them.\n\n📎 oven.png, menu.pdf"


def test_a_message_that_is_not_taken_keeps_its_files(world: World, ana: httpx.Client) -> None:
    site = world.site()
    page = ana.post(f"/sites/{site}/messages", data={"message": "x" * 25_000}, files={"files": ("oven.png", PNG)})
    assert page.status_code == 422
    form = page.text.partition('id="composer"')[2].partition("<template")[0]
    [upload] = re.findall(r'name="attachments" value="(\w+)"', form)
    again = {"message": "Shorter.", "attachments": upload, "attached-name": "oven.png", "use": "auto"}
    ana.post(f"/sites/{site}/messages", data=again)
    assert newest(world, site)["attachments"] == ["oven.png"]


def test_asking_again_brings_the_files(world: World, ana: httpx.Client) -> None:
    site = world.site()
    ana.post(f"/sites/{site}/messages", data={"message": "fail"}, files={"files": ("oven.png", PNG)})
    job = newest(world, site)
    world.work(site)
    ana.post(f"/sites/{site}/jobs/{job['id']}/retry")
    again = newest(world, site)
    assert again["id"] != job["id"]
    assert (again["message"], again["attachments"]) == (job["message"], ["oven.png"])


def test_a_refusal_is_told_in_german_to_whoever_reads_german(world: World, ana: httpx.Client) -> None:
    headers = {**FRAGMENT, "Accept-Language": "de"}
    refused = ana.post(f"/sites/{world.site()}/uploads", files={"file": ("x.exe", b"MZ")}, headers=headers)
    assert "x.exe" in refused.text and "nicht verwendbar" in refused.text
    assert "It is" not in refused.text
