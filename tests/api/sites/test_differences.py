"""Differences between trees, and their bounds."""

import time

from daemons.api.sites.differences import ChangeKind, differences


def test_each_change_has_its_kind_and_diff() -> None:
    before = {"kept": b"a\n", "changed": b"a\nb\n", "removed": b"a\n"}
    after = {"kept": b"a\n", "changed": b"a\nc\n", "added": b"a\n"}
    files, total = differences(before, after)
    assert total == 3
    assert [(file.path, file.change) for file in files] == [
        ("added", ChangeKind.ADDED),
        ("changed", ChangeKind.MODIFIED),
        ("removed", ChangeKind.REMOVED),
    ]
    assert files[0].diff == "--- /dev/null\n+++ b/added\n@@ -0,0 +1 @@\n+a\n"
    assert files[1].diff == "--- a/changed\n+++ b/changed\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"


def test_bytes_that_are_no_text_are_binary() -> None:
    files, total = differences({"a": b"\xff", "b": b"x"}, {"a": b"\xfe", "b": b"x\0"})
    assert total == 2
    assert all(file.binary and file.diff is None for file in files)


def test_hostile_sizes_are_told_but_not_compared() -> None:
    """A file that difflib would chew on for minutes, one with very long lines, and more files than anybody reads."""
    lines = "".join(f"{n % 97}\n" for n in range(100_000)).encode()
    started = time.monotonic()
    files, _ = differences({"a": lines}, {"a": lines[::-1], "b": b"x" * (300 << 10)})
    assert time.monotonic() - started < 5
    assert [(file.diff, file.binary) for file in files] == [(None, False), (None, False)]
    files, total = differences({}, {f"{n:05}": b"x" for n in range(1_500)})
    assert (len(files), total) == (1_000, 1_500)


def test_the_worst_allowed_case_ends_soon() -> None:
    before = "".join(f"{n * 7919 % 101}\n" for n in range(3_900)).encode()
    after = "".join(f"{n * 6007 % 103}\n" for n in range(3_900)).encode()
    started = time.monotonic()
    differences({"a": before}, {"a": after})
    assert time.monotonic() - started < 10
