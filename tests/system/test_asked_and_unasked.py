"""The real Codex, told what to do by a script: an honest edit is previewed, one that changes more is not."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.support.scripted_endpoint import message, shell
from tests.support.scripted_system import ScriptedSystem
from tests.support.waiting import wait_until

pytestmark = pytest.mark.xdist_group("scripted-system")

SITE = "asked-for"
REQUEST = 'Change the hours on contact.html from "7:00" to "8:00".'
_PAGE = (
    "<!doctype html><html lang=en><title>{0}</title><h1>{0}</h1><p>Fresh every day.</p><p>{1}</p>"
    "<p><a href=index.html>Home</a> and <a href=contact.html>Contact</a></p></html>\n"
)


def _edit(scripted: ScriptedSystem, command: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The version that an edit made, and its checks."""
    scripted.endpoint.received.clear()
    scripted.endpoint.script(shell(command), message("Done."))
    job = scripted.system.edit(SITE, REQUEST)
    version = scripted.system.client.get(f"/sites/{SITE}/versions/{job['version']}")
    return version, {check["name"]: (check["status"], check["findings"]) for check in version["checks"]}


def test_an_honest_edit_is_previewed_and_one_that_changes_more_is_not(scripted: ScriptedSystem, tmp_path: Path) -> None:
    system = scripted.system
    upload = tmp_path / "site.zip"
    with zipfile.ZipFile(upload, "w") as archive:
        archive.writestr("index.html", _PAGE.format("Bakery", "Bread and rolls."))
        archive.writestr("contact.html", _PAGE.format("Contact", "Open from 7:00 on."))
    job = system.finish(system.client.import_site({"name": SITE, "title": "Bakery"}, upload)["job"])
    assert (job["state"], job["version"]) == ("succeeded", 1), job

    honest, checks = _edit(scripted, "sed -i s/7:00/8:00/ contact.html")
    assert checks["scope"] == ("passed", ["Concerns: contact.html, by the words of the request"])
    assert not {"unasked", "asked"} & checks.keys(), checks
    wait_until(lambda: system.shown(f"preview--{SITE}") == 2, "the honest edit is previewed")
    assert 'as far as its words tell: "contact.html". ' in str(scripted.endpoint.received[0].json), "the agent is told"

    _edit(scripted, "sed -i s/8:00/7:00/ contact.html")
    # The model was talked into it that every page is meant, and that all was asked for: nothing goes away by that.
    led = {"everywhere": False, "pages": ["contact.html", "index.html"], "parts": [], "kinds": ["text"]}
    looked = {"done": "done", "missing": [], "unasked": []}
    scripted.endpoint.answer_questions(message(json.dumps(led)), message(json.dumps(looked)))
    over, checks = _edit(
        scripted, "sed -i s/7:00/8:00/ contact.html; sed -i 's/Bread and rolls/The best bread/' index.html"
    )
    assert checks["scope"][1] == ["Concerns: contact.html, as the model understood the request"]
    assert checks["unasked"][0] == "failed"
    assert checks["unasked"][1] == ["index.html: Text under “Bakery”: “Bread and rolls.” → “The best bread.”"]
    assert system.shown(f"preview--{SITE}") == over["number"] - 1
    assert honest["problems"]["new"] == []
