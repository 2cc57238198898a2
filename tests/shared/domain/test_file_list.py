"""The list of served files: a path and a time name exactly one content (I6)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import InvalidInput
from shared.domain.file_list import decode_file_list, encode_file_list, matches, public_files

_TREES = st.dictionaries(st.sampled_from(["a.html", "b.html", "c/d.css"]), st.sampled_from([b"1", b"2", b"33"]))


@given(st.lists(_TREES, max_size=8))
def test_i6_path_and_time_name_one_content(trees: list[dict[str, bytes]]) -> None:
    """I6: over any history, equal path and equal time mean equal bytes."""
    previous, contents = None, dict[tuple[str, int], str]()
    for stamp, tree in enumerate(trees, 1):
        previous = public_files(tree, previous, stamp)
        assert matches(previous, tree)
        for file in previous.files:
            assert contents.setdefault((file.path, file.changed_at), file.sha256) == file.sha256
            assert file.changed_at <= stamp


def test_what_stays_the_same_keeps_its_time() -> None:
    first = public_files({"a.html": b"1", "b.html": b"1"}, None, 10)
    second = public_files({"a.html": b"2", "b.html": b"1", "c.html": b"1"}, first, 11)
    assert [(file.path, file.changed_at) for file in second.files] == [("a.html", 11), ("b.html", 10), ("c.html", 11)]


def test_it_travels_as_the_same_bytes() -> None:
    files = public_files({"b.html": b"2", "a/ü.html": b"1"}, None, 10)
    assert decode_file_list(encode_file_list(files)) == files
    assert encode_file_list(files) == encode_file_list(public_files({"a/ü.html": b"1", "b.html": b"2"}, None, 10))


@pytest.mark.parametrize("order", [[1, 0], [0, 1, 1], [0, 0]])
def test_disorder_is_refused(order: list[int]) -> None:
    files = json.loads(encode_file_list(public_files({"a.html": b"1", "b.html": b"2"}, None, 10)))["files"]
    with pytest.raises(InvalidInput):
        decode_file_list(json.dumps({"files": [files[index] for index in order]}).encode())


@pytest.mark.parametrize("data", [b"", b"[]", b'{"files":[{}]}', b"{", b"\xff", b"[" * 100_000], ids=range(6))
def test_garbage_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        decode_file_list(data)
