"""What differs for visitors is told apart by what happened to it."""

from htmx_ui.difference_parts import FileCount, VisitorChanges


def test_changes_are_found_by_their_kind() -> None:
    changes = VisitorChanges(
        added=("menu.html",),
        removed=("old.html",),
        files=(FileCount("picture", "added", 2), FileCount("file", "removed", 1)),
    )
    assert [changes.pages(kind) for kind in ("added", "modified", "removed")] == [("menu.html",), (), ("old.html",)]
    assert changes.others("added") == (FileCount("picture", "added", 2),)
    assert changes and not VisitorChanges() and VisitorChanges(modified=("index.html",))
