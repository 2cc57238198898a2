"""What is placed comes back, and nothing but plain files is collected; the attacks play this in a real sandbox."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from daemons.worker.sandbox import protocol
from daemons.worker.sandbox.inside.workspace import CollectLimits, CollectRefused, collect, place

TREE = {"index.html": b"<h1>Bread</h1>", "img/a.png": b"\x89PNG", "empty": b""}
LIMITS = CollectLimits(files=3, total_bytes=100, file_bytes=50)


def collected(root: Path, folder: str = "") -> dict[str, bytes]:
    payload = protocol.make_empty_payload(LIMITS.total_bytes)
    try:
        collect(str(root), folder, payload, LIMITS)
        entries, start = protocol.read_list(payload)
        return protocol.read_payload(payload, entries, start)
    finally:
        os.close(payload)


def test_what_is_placed_comes_back(tmp_path: Path) -> None:
    payload = protocol.make_payload(TREE)
    place(payload, str(tmp_path))
    os.close(payload)
    assert collected(tmp_path) == TREE
    assert collected(tmp_path, "img") == {"a.png": TREE["img/a.png"]}
    assert collected(tmp_path, "missing") == {}


def _deep(root: Path) -> None:
    for _ in range(66):
        root /= "d"
    root.mkdir(parents=True)


REFUSED: dict[str, Callable[[Path], object]] = {
    "link": lambda root: (root / "x").symlink_to("/etc/passwd"),
    "hardlink": lambda root: ((root / "x").write_bytes(b""), (root / "y").hardlink_to(root / "x")),
    "special": lambda root: os.mkfifo(root / "x"),
    "deep": _deep,
    "large": lambda root: (root / "x").write_bytes(b"x" * 51),
    "many": lambda root: [(root / name).write_bytes(b"") for name in "wxyz"],
    "heavy": lambda root: [(root / name).write_bytes(b"x" * 50) for name in "xyz"],
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_no_site_can_have_is_refused(why: str, tmp_path: Path) -> None:
    REFUSED[why](tmp_path)
    with pytest.raises(CollectRefused) as refused:
        collected(tmp_path)
    assert refused.value.why == why
