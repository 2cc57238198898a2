"""An edit answers for what it did: old faults hide nothing, and a home page that is gone is never shown."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.support.scripted_endpoint import message, shell
from tests.support.scripted_system import ScriptedSystem
from tests.support.waiting import wait_until

pytestmark = pytest.mark.xdist_group("scripted-system")

SITE = "old-faults"
_HOME = "<!doctype html><html lang=en><title>Bakery</title><h1>Old bread</h1><a href=gone.html>Prices</a></html>\n"
_ABOUT = "<!doctype html><html lang=en><title>About</title><h1>About us</h1><a href=index.html>Home</a></html>\n"


def _checks(scripted: ScriptedSystem, number: int) -> dict[str, Any]:
    version = scripted.system.client.get(f"/sites/{SITE}/versions/{number}")
    return {check["name"]: (check["status"], check["findings"]) for check in version["checks"]}


def test_old_faults_hide_no_edit_and_a_lost_home_page_is_not_shown(scripted: ScriptedSystem, tmp_path: Path) -> None:
    system = scripted.system
    upload = tmp_path / "site.zip"
    with zipfile.ZipFile(upload, "w") as archive:
        archive.writestr("index.html", _HOME)
        archive.writestr("about.html", _ABOUT)
    job = system.finish(system.client.import_site({"name": SITE, "title": "Bakery"}, upload)["job"])
    assert (job["state"], job["version"]) == ("succeeded", 1), job
    assert _checks(scripted, 1)["links"] == ("warning", ["index.html: the link /gone.html leads nowhere"])
    wait_until(lambda: system.shown(f"preview--{SITE}") == 1, "the import is previewed")

    job = scripted.edit(SITE, shell("sed -i s/Old/Fresh/ index.html"), message("Done."))
    assert job["version"] == 2, job
    already = "already in version 1: index.html: the link /gone.html leads nowhere"
    assert _checks(scripted, 2)["links"] == ("warning", [already])
    wait_until(lambda: "Fresh bread" in system.page(f"preview--{SITE}"), "the edit is previewed")

    assert scripted.edit(SITE, shell("rm index.html"), message("Done."))["version"] == 3
    assert _checks(scripted, 3)["home page"][0] == "failed"
    assert scripted.edit(SITE, shell("sed -i s/us/them/ about.html"), message("Done."))["version"] == 4
    status, findings = _checks(scripted, 4)["home page"]
    assert (status, findings[0].startswith("still as in version 3: ")) == ("failed", True)
    assert system.shown(f"preview--{SITE}") == 2
