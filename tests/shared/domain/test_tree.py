"""Which names and sizes a site may have, and how two trees differ."""

import pytest

from shared.domain.errors import InvalidInput, TooLarge
from shared.domain.tree import TreeLimits, check_path, check_tree, compare, large_files, name_faults

_SMALL = TreeLimits(files=2, total_bytes=10, file_bytes=6, depth=2, path_bytes=20, name_bytes=8)


@pytest.mark.parametrize(
    "path", ["index.html", "a/b/ü.html", ".well-known/x", "a b.html", "php.html", "\u0645\u06cc\u200c\u062e.html"]
)
def test_an_ordinary_name_is_fine(path: str) -> None:
    check_path(path)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("", "empty or dot component"),
        ("/a", "empty or dot component"),
        ("../b", "empty or dot component"),
        (".git/b", "starts with a dot"),
        ("c:/a", "names a drive"),
        ("a\\b", "backslash"),
        ("a\u202eb", "U\\+202E"),
        ("a\nb", "U\\+000A"),
        ("u\u0308.html", "composed form"),
        ("\udc80.html", "not valid UTF-8"),
        ("a.PHP", "type .php are programs"),
        ("a/b/c", "3 folders deep"),
        ("a" * 9, "9 bytes, more than 8"),
        ("a/" + "b" * 19, "21 bytes, more than 20"),
    ],
)
def test_a_name_that_can_not_be_served_is_refused(path: str, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        check_path(path, _SMALL)
    assert [name for name, _ in name_faults([path, "ok"], _SMALL)] == [path]


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ({"a": 1, "b": 1, "c": 1}, "3 files; at most 2"),
        ({"a": 6, "b": 5}, "larger than"),
        ({"a": 7}, "The file a has"),
    ],
)
def test_a_tree_that_is_too_large_is_refused(sizes: dict[str, int], told: str) -> None:
    with pytest.raises(TooLarge, match=told):
        check_tree(sizes, _SMALL)
    check_tree({"a": 6, "b": 4}, _SMALL)
    assert len(list(large_files({"a": 6, "b": 7}, _SMALL))) == 1


@pytest.mark.parametrize(
    ("paths", "told"),
    [
        (("a.html", "A.html"), "differ only in case"),
        (("a/b", "A/c"), "Two folders differ only in case"),
        (("a", "a/b"), "is a file and a folder at once"),
        (("ﬁ.html", "fi.html"), "differ only in case"),
    ],
)
def test_two_names_for_one_place_are_refused(paths: tuple[str, ...], told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        check_tree(dict.fromkeys(paths, 1))


def test_each_file_is_added_changed_or_removed() -> None:
    changes = compare({"same": b"1", "old": b"1", "gone": b"1"}, {"same": b"1", "old": b"2", "new": b"1"})
    assert [[change.path for change in part] for part in (changes.added, changes.modified, changes.removed)] == [
        ["new"],
        ["old"],
        ["gone"],
    ]
    assert not compare({"same": b"1"}, {"same": b"1"})
