"""The members of a .zip: their names as people wrote them, and no archive that contradicts itself."""

import pytest

from daemons.worker.importing.imported_site import read_site
from daemons.worker.importing.members import Kind
from daemons.worker.importing.zip_reader import zip_members
from shared.domain.errors import InvalidInput, TooLarge
from tests.support.packed import PAGE, finder_zip_of, zip_of


def test_members_have_their_sizes_and_bytes() -> None:
    [member] = zip_members(zip_of(["index.html"]), 1)
    assert (member.name, member.kind, member.size, member.load()) == ("index.html", Kind.FILE, len(PAGE), PAGE)


def test_an_archive_with_two_descriptions_of_a_file_is_refused() -> None:
    archive = zip_of(["index.html"]).replace(b"index.html", b"other.html", 1)
    with pytest.raises(InvalidInput, match="a file in it has two descriptions"):
        list(zip_members(archive, 1))


def test_too_many_members_are_refused_before_they_are_read() -> None:
    with pytest.raises(TooLarge, match="The archive has 3 files; at most 2 can be read"):
        list(zip_members(zip_of(["a", "b", "c"]), 2))


def test_names_without_a_flag_are_utf8_if_they_can_be() -> None:
    archive = finder_zip_of(["index.html", "menü.html", "Bäckerei/Brötchen.html", "日本.html"])
    assert b"\xc3\xbc" in archive
    assert sorted(read_site(archive, "x.zip").tree) == [
        "Bäckerei/Brötchen.html",
        "index.html",
        "menü.html",
        "日本.html",
    ]


def test_other_names_without_a_flag_are_code_page_437() -> None:
    archive = zip_of(["index.html", "men~.html"]).replace(b"men~.html", b"men\x81.html")
    assert sorted(read_site(archive, "x.zip").tree) == ["index.html", "menü.html"]
