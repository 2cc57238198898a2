"""An agent that writes UTF-8 into a page of another encoding does no harm: the page comes out in its own."""

import io
import zipfile
from pathlib import Path

import pytest

from cli.local.visitor import visit
from tests.support.scripted_endpoint import message, shell
from tests.support.scripted_system import ScriptedSystem
from tests.support.waiting import wait_until

pytestmark = pytest.mark.xdist_group("scripted-system")

SITE = "umlauts"
HOME = '<!doctype html>\r\n<html lang="de"><meta charset="windows-1252"><title>Bäcker</title>\r\n<h1>Old</h1>'
PLAIN = '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Plain</title>\n<h1>Old</h1>\n'


@pytest.fixture
def umlauts(scripted: ScriptedSystem, tmp_path: Path) -> ScriptedSystem:
    """The scripted system with a site whose home page is in windows-1252, with CRLF and no final newline."""
    if SITE not in [site["name"] for site in scripted.system.client.get("/sites")["items"]]:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as zipped:
            zipped.writestr("index.html", HOME.encode("windows-1252"))
            zipped.writestr("plain.html", PLAIN)
        upload = tmp_path / "site.zip"
        upload.write_bytes(archive.getvalue())
        made = scripted.system.client.import_site({"name": SITE, "title": "Umlauts"}, upload)
        scripted.system.finish(made["job"])
    return scripted


def test_a_page_comes_out_in_its_own_encoding(umlauts: ScriptedSystem) -> None:
    job = umlauts.edit(SITE, shell("sed -i 's|<h1>Old</h1>|<h1>Größe: 東</h1>\\n|' index.html"), message("Done."))
    assert job["outcome"] == "changed", job
    expected = HOME.replace("<h1>Old</h1>", "<h1>Größe: &#26481;</h1>\r\n").encode("windows-1252")
    wait_until(lambda: umlauts.system.shown(f"preview--{SITE}") == job["version"], "the preview shows the edit")
    assert visit(umlauts.system.site_url(f"preview--{SITE}")) == expected
    version = umlauts.system.client.get(f"/sites/{SITE}/versions/{job['version']}")
    assert "encoding" not in [check["name"] for check in version["checks"]]


def test_a_change_of_nothing_but_its_form_is_none(umlauts: ScriptedSystem) -> None:
    job = umlauts.edit(SITE, shell("sed -i 's|$|\\r|' plain.html"), message("I cleaned up."))
    assert (job["outcome"], job["version"]) == ("unchanged", None)


def test_what_can_not_be_mended_is_told(umlauts: ScriptedSystem) -> None:
    command = "LC_ALL=C sed -i 's|B.cker</title>|B\\xef\\xbf\\xbdcker Meier</title>|' index.html"
    job = umlauts.edit(SITE, shell(command), message("Done."))
    version = umlauts.system.client.get(f"/sites/{SITE}/versions/{job['version']}")
    [check] = [check for check in version["checks"] if check["name"] == "encoding"]
    assert (check["status"], check["findings"]) == (
        "failed",
        ["index.html: line 2 has “�” where a character was lost."],
    )
