"""What an import leaves out is told: compressed copies, hidden files, and what tools left there."""

import gzip

from daemons.worker.importing.imported_site import read_site
from daemons.worker.importing.report import Topic
from shared.domain.manifest import CheckStatus
from tests.support.packed import PAGE, zip_of


def test_compressed_copies_are_left_out_and_downloads_stay() -> None:
    twins = ["about.html.gz", "sitemap.xml.gz", "a.css.br", "a.css.zst"]
    lone = ["login.html.gz", "app.js.br", "Icon.SVG.GZ"]
    downloads = ["data.tar.gz", "table.csv.gz", "drawing.svgz", "log.gz"]
    files = dict.fromkeys(["index.html", "about.html", "sitemap.xml", "a.css"], PAGE)
    imported = read_site(zip_of(files | dict.fromkeys([*twins, *lone, *downloads], gzip.compress(PAGE))), "x.zip")
    assert sorted(imported.tree) == sorted([*files, *downloads])
    told = {note.topic: (note.count, list(note.names)) for note in imported.report.notes}
    assert told == {Topic.TWINS: (4, sorted(twins)), Topic.LONE_TWINS: (3, sorted(lone))}
    assert "compressed while the file itself is missing" in imported.report.answer()
    assert "compressed copies, which PageWright makes itself" in "".join(imported.report.check().findings)


def test_hidden_files_are_a_warning_and_tools_are_not() -> None:
    files = ["index.html", ".hidden/page.html", ".env", ".well-known/security.txt"]
    imported = read_site(zip_of(files), "x.zip")
    assert sorted(imported.tree) == [".well-known/security.txt", "index.html"]
    assert imported.report.check().status is CheckStatus.WARNING
    assert imported.report.answer().splitlines()[1:] == ["Left out, because hidden: .env, .hidden/page.html."]
    tidy = read_site(zip_of(["index.html", "__MACOSX/._index.html", ".DS_Store", ".git/config"]), "x.zip").report
    assert tidy.check().status is CheckStatus.PASSED
    assert tidy.answer() == "Your site is imported: 1 file."
    assert "Left out, because left there by tools" in tidy.check().findings[0]
