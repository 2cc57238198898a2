"""Ordinary archives, from the upload to the visitor: every name is reachable, a question is answered."""

import unicodedata
from pathlib import Path
from urllib.parse import quote

import pytest

from cli.local.visitor import visit
from tests.support.local_system import LocalSystem
from tests.support.packed import PAGE, tar_of, zip_of
from tests.support.waiting import wait_until

pytestmark = pytest.mark.xdist_group("practice-system")

_NAMES = (
    "R&D.html", "100% sure.html", "a;b.html", "$5 off.html", "it's here.html", "what?.html", "a#b.html",
    "Foo::Bar.html", "*.html", "<b>.html", 'say "hi".html', "-draft.html", "~user/a b/index.html", "Inc./a.html",
    "menü/日本.html", "a+b=c.html", "calendar.pl.js", "exercise.py", "x.ini.txt", "Bild 9.41\u202fAM.svg",
    "trailing .html", "{{x}}.html", "`id`.html",
)  # fmt: skip


def _imported(system: LocalSystem, name: str, archive: Path, **fields: str) -> dict[str, object]:
    made = system.client.import_site({"name": name, "title": name, **fields}, archive)
    return system.finish(made["job"], 180)


def test_every_name_is_reachable_and_survives_an_edit(local_system: LocalSystem, tmp_path: Path) -> None:
    """I6: the checks open each page under its address, nginx serves each file, the API shows and compares it."""
    links = "".join(f'<p><a href="{quote(name)}">{number}</a></p>' for number, name in enumerate(_NAMES))
    files = dict.fromkeys(_NAMES, PAGE) | {"index.html": PAGE + b"<p>Welcome.</p>" + links.encode()}
    files["calendar.pl.js"] = b"void 0;"
    files["Bild 9.41\u202fAM.svg"] = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    decomposed = unicodedata.normalize("NFD", "Brötchen.html")
    archive = tmp_path / "names.zip"
    archive.write_bytes(zip_of(files | {decomposed: PAGE, "_redirects": b"/a /b\n"}))

    job = _imported(local_system, "odd-names", archive)
    assert (job["state"], job["version"]) == ("succeeded", 1), job
    assert str(job["answer"]).startswith(
        f"Your site is imported: {len(files) + 1} files.\nSettings of other web servers"
    ), job
    version = local_system.client.get("/sites/odd-names/versions/1")
    checks = {check["name"]: check for check in version["checks"]}
    assert [check for check in version["checks"] if check["status"] == "failed"] == []
    assert "_redirects (1 redirect)" in checks["import"]["findings"][0]

    wait_until(lambda: local_system.shown("preview--odd-names") == 1, "the import is previewed")
    for name in (*files, "Brötchen.html"):
        address = local_system.site_url("preview--odd-names", f"/{quote(name)}")
        assert visit(address) == files.get(name, PAGE), name
        shown = local_system.client.get("/sites/odd-names/versions/1/files")["items"]
        assert name in [file["path"] for file in shown]

    job = local_system.edit("odd-names", 'Replace "Welcome." with "Hello."')
    assert (job["state"], job["version"]) == ("succeeded", 2), job
    [change] = local_system.client.get("/sites/odd-names/versions/2")["files"]["modified"]
    assert change["path"] == "index.html"
    local_system.publish("odd-names", 2)
    assert visit(local_system.site_url("odd-names", f"/{quote('R&D.html')}")) == PAGE


def test_several_folders_are_a_question_and_root_the_answer(local_system: LocalSystem, tmp_path: Path) -> None:
    archive = tmp_path / "languages.tar"
    archive.write_bytes(tar_of(["en/index.htm", "de/index.htm", "de/über.html"], {"de/neu.html": "über.html"}))
    job = _imported(local_system, "languages", archive)
    assert job["state"] == "failed", job
    assert job["error"]["choices"] == ["de", "en", "."], job  # type: ignore[index]
    job = _imported(local_system, "languages", archive, root="de")
    assert (job["state"], job["version"]) == ("succeeded", 1), job
    assert "Folder kept: de/ (as you said)." in str(job["answer"])
    assert "beside the folder that became the site: en/index.htm." in str(job["answer"])
    added = local_system.client.get("/sites/languages/versions/1")["files"]["added"]
    assert [change["path"] for change in added] == ["index.htm", "neu.html", "über.html"]
