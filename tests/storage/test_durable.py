"""The order of what makes a write durable (I4): bytes flushed, then named, then the directory flushed."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from daemons.storage import durable


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    directory = tmp_path / "incoming"
    directory.mkdir()
    return directory


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The system calls that matter, as they are made; each is really carried out."""
    made: list[str] = []

    def record(name: str, describe: Callable[..., str]) -> None:
        real = getattr(os, name)

        def call(*arguments: object, **options: object) -> object:
            made.append(describe(*arguments))
            return real(*arguments, **options)

        monkeypatch.setattr(os, name, call)

    record("fsync", lambda descriptor: f"fsync {_kind(descriptor)}")
    record("link", lambda *_: "link")
    record("replace", lambda *_: "rename")
    record("mkdir", lambda *_: "mkdir")
    return made


def _kind(descriptor: int) -> str:
    path = Path(f"/proc/self/fd/{descriptor}").readlink()
    return f"directory {path.name}" if path.is_dir() else "file"


def test_a_new_file_is_flushed_named_and_its_directory_too(tmp_path: Path, incoming: Path, calls: list[str]) -> None:
    durable.create_file(tmp_path / "one", b"1", incoming)
    assert calls == ["fsync file", "link", f"fsync directory {tmp_path.name}"]
    assert (tmp_path / "one").read_bytes() == b"1"


def test_a_replaced_file_is_flushed_named_and_its_directory_flushed(
    tmp_path: Path, incoming: Path, calls: list[str]
) -> None:
    durable.replace_file(tmp_path / "one", b"1", incoming)
    assert calls == ["fsync file", "rename", f"fsync directory {tmp_path.name}"]


def test_a_new_directory_is_durable_in_its_parent(tmp_path: Path, calls: list[str]) -> None:
    durable.make_directory(tmp_path / "new")
    durable.make_directory(tmp_path / "new")
    assert calls == ["mkdir", f"fsync directory {tmp_path.name}", "mkdir"]


def test_an_existing_file_is_never_touched(tmp_path: Path, incoming: Path) -> None:
    """I1"""
    durable.create_file(tmp_path / "one", b"1", incoming)
    with pytest.raises(FileExistsError):
        durable.create_file(tmp_path / "one", b"2", incoming)
    assert (tmp_path / "one").read_bytes() == b"1"
    assert not list(incoming.iterdir())


def test_short_writes_are_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, data[:3]))
    with (tmp_path / "file").open("wb") as file:
        durable.write_all(file.fileno(), b"0123456789")
    assert (tmp_path / "file").read_bytes() == b"0123456789"


def test_sweeping_leaves_nothing(incoming: Path) -> None:
    (incoming / "left").write_bytes(b"half")
    durable.sweep(incoming)
    assert not list(incoming.iterdir())
