"""What visitors gain and lose between two versions: pages by name, other files by kind, whatever lies between."""

from daemons.api.sites.differences import ChangeKind
from daemons.api.sites.served_changes import served_changes
from shared.domain.file_kinds import FileKind
from shared.domain.manifest import FileList, FileRecord


def served(**files: str) -> FileList:
    """A list of files; `a_html="1"` is `a.html` with the digest 111…"""
    named = {path.replace("__", "/").replace("_", "."): digest for path, digest in files.items()}
    return FileList(
        files=tuple(
            FileRecord(path=path, size=1, sha256=digest * 64, changed_at=index)
            for index, (path, digest) in enumerate(sorted(named.items()))
        )
    )


def test_pages_are_named_and_other_files_are_counted_by_kind() -> None:
    before = served(index_html="1", old_html="2", style_css="3", a_png="4", b_png="5", same_html="6")
    after = served(index_html="a", new__index_html="b", style_css="c", same_html="6", menu_pdf="d")
    changes = served_changes(before, after)
    assert (changes.added, changes.modified, changes.removed) == (("new/index.html",), ("index.html",), ("old.html",))
    assert [(one.kind, one.change, one.count) for one in changes.other] == [
        (FileKind.DOCUMENT, ChangeKind.ADDED, 1),
        (FileKind.STYLE, ChangeKind.MODIFIED, 1),
        (FileKind.PICTURE, ChangeKind.REMOVED, 2),
    ]


def test_the_way_back_is_the_way_there_turned_round() -> None:
    first, second = served(index_html="1", a_html="2"), served(index_html="3", b_html="4")
    there, back = served_changes(first, second), served_changes(second, first)
    assert (there.added, there.modified, there.removed) == (back.removed, back.modified, back.added)
    assert not served_changes(first, first)


def test_everything_is_new_for_visitors_of_a_first_publication() -> None:
    assert served_changes(None, served(a_html="1", index_html="2")).added == ("index.html", "a.html")


def test_so_many_pages_are_named_and_the_others_counted() -> None:
    many = served_changes(None, served(**{f"p{number}_html": "1" for number in range(700)}))
    assert (len(many.added), many.unnamed) == (500, 200)
