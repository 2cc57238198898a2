"""Names in an archive: those of macOS become proper ones with their links, what can't be one is told, all at once."""

import unicodedata
from urllib.parse import quote

import pytest

from daemons.worker.importing.imported_site import read_site
from daemons.worker.importing.report import Topic
from shared.domain.errors import InvalidInput
from shared.domain.manifest import CheckStatus
from tests.support.packed import PAGE, finder_zip_of, tar_of, zip_of

_HAS = "can't be part of a site: it has the character"
_DECOMPOSED = unicodedata.normalize("NFD", "menü.html")


@pytest.mark.parametrize("pack", [zip_of, finder_zip_of, tar_of])
def test_decomposed_names_are_composed_and_their_links_follow(pack: object) -> None:
    links = f'<a href="{_DECOMPOSED}">1</a><img src={quote(_DECOMPOSED)}#x><a href="menü.html">2</a>'
    files = {"index.html": links.encode(), _DECOMPOSED: PAGE, f"deep/{_DECOMPOSED}": PAGE}
    assert callable(pack)
    tree = read_site(pack(files), "x").tree
    assert sorted(tree) == ["deep/menü.html", "index.html", "menü.html"]
    assert tree["index.html"].decode() == '<a href="menü.html">1</a><img src=men%C3%BC.html#x><a href="menü.html">2</a>'


def test_decomposed_links_to_composed_names_are_mended_too() -> None:
    files = {"index.html": f'<a href="{_DECOMPOSED}">1</a> caf{"e"}\u0301 {_DECOMPOSED}'.encode(), "menü.html": PAGE}
    tree = read_site(zip_of(files), "x.zip").tree
    assert tree["index.html"].decode() == f'<a href="menü.html">1</a> cafe\u0301 {_DECOMPOSED}'


@pytest.mark.parametrize(
    "name",
    ["R&D.html", "100%.html", "a;b.html", "$5.html", "it's.html", "a b/c d.html", "what?.html", "a:b.html",
     "Foo::Bar.html",
     "*.html", "a#b.html", "<b>.html", "a|b.html", "-draft.html", "~user/a.html", " a.html", "Inc./a.html", "a`b.html",
     "Bildschirmfoto 9.41\u202fAM.png", "family \U0001f468\u200d\U0001f469.png", "calendar.pl.js", "x.ini.txt",
     "shell.php.jpg", "karma.conf.js", "exercise.py", "run.sh", "a.rb", "b.pl", "docs/nginx.conf", "x.ini"],
)  # fmt: skip
def test_what_can_be_served_is_no_problem(name: str) -> None:
    assert name in read_site(zip_of(["index.html", name]), "x.zip").tree


def test_every_name_that_is_refused_is_named_with_its_reason() -> None:
    names = ["index.html", "a.php", "cgi/form.CGI", "x\u202ey.html", "tab\t.html", "z" * 240, "fine.html"]
    with pytest.raises(InvalidInput) as refusal:
        read_site(zip_of(names), "x.zip")
    assert refusal.value.detail.splitlines() == [
        "“a.php” can't be part of a site: files of the type .php are programs or server settings.",
        "“cgi/form.CGI” can't be part of a site: files of the type .cgi are programs or server settings.",
        rf"'tab\t.html' {_HAS} U+0009 (a control character), which can't be part of an address.",
        rf"'x\u202ey.html' {_HAS} U+202E (RIGHT-TO-LEFT OVERRIDE), which can't be part of an address.",
        f"“{'z' * 120}” can't be part of a site: a name in it has 240 bytes, more than 200.",
    ]


def test_names_that_are_dangerous_are_named_at_once_too() -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_site(tar_of(["index.html", "../a.html", "/b.html", "c\\d.html"]), "x.tar")
    assert [line.partition(" is no safe name: ")[2] for line in refusal.value.detail.splitlines()] == [
        "it leads out of the archive (..).",
        "it begins at the root of a disk.",
        "it has a backslash.",
    ]


def test_many_refused_names_are_cut_with_their_number() -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_site(zip_of(["index.html", *(f"{n:03}.php" for n in range(100))]), "x.zip")
    lines = refusal.value.detail.splitlines()
    assert len(lines) == 21
    assert lines[-1] == "… and 80 more."


def test_composed_names_and_programs_are_told() -> None:
    report = read_site(zip_of(["index.html", _DECOMPOSED, "exercise.py", "run.sh", "calendar.pl.js"]), "x.zip").report
    assert {note.topic: note.names for note in report.notes} == {
        Topic.COMPOSED: ("menü.html",),
        Topic.TEXT_DOWNLOADS: ("exercise.py", "run.sh"),
    }
    assert report.check().status is CheckStatus.PASSED


def test_names_collisions_and_sizes_are_told_in_one_error() -> None:
    files = dict.fromkeys(["index.html", "Logo.svg", "logo.svg", "a.php", "x", "x/y.html"], PAGE)
    with pytest.raises(InvalidInput) as refusal:
        read_site(zip_of(files | {"film.mp4": bytes(17 << 20)}), "x.zip")
    assert refusal.value.detail.splitlines() == [
        "“a.php” can't be part of a site: files of the type .php are programs or server settings.",
        "The files Logo.svg and logo.svg differ only in case.",
        "x is a file and a folder at once.",
        "The file film.mp4 has 17.0 MiB; it is larger than 16 MiB.",
    ]
