"""A page costs the same however many versions there are: counted in files opened and folders listed."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from daemons.storage.directory import Directory
from daemons.storage.fences import Claim
from daemons.storage.ledger import Ledger, page
from daemons.storage.sealed import seal
from shared.signing import manifest_bytes
from shared.vocabulary import Blob
from tests.support.manifests import signed_manifest

_counters: list[list[str]] = []


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    """Stays for the life of the process, as audit hooks do, and does nothing while nobody counts."""
    for counter in _counters:
        if event in ("open", "os.listdir", "os.scandir"):
            counter.append(f"{event} {arguments[0]}")


sys.addaudithook(_watch)


@contextmanager
def _counting() -> Iterator[list[str]]:
    touched: list[str] = []
    _counters.append(touched)
    try:
        yield touched
    finally:
        _counters.remove(touched)


def _fill(root: Path, versions: int) -> None:
    """A site with this many versions that differ in number, stamp and job only."""
    site = root / "sites" / "bakery"
    site.mkdir(parents=True)
    (site / "fence").write_bytes(seal(Claim(fence=1, holder="w").model_dump_json().encode()))
    blob = Blob(sha256="0" * 64, size=1)
    template = signed_manifest(1, artifact=blob, public=blob)
    ledger = Ledger(site / "versions", root)
    for number in range(1, versions + 1):
        path = ledger.path(number)
        if number == 1 or number % 1000 == 0:
            path.parent.mkdir(parents=True)
        change = {"number": number, "stamp": number, "job": f"{number:028x}"}
        path.write_bytes(seal(manifest_bytes(template.model_copy(update=change))))


def _cost(root: Path, before: int | None, limit: int) -> tuple[int, list[int]]:
    """Files and folders that one page takes once the site is open, and the numbers on it."""

    async def play() -> tuple[int, list[int]]:
        directory = Directory(root)
        try:
            site = await directory.site("bakery")
            with _counting() as touched:
                items, _ = site.versions.page(before, limit)
            return len(touched), [int(item.split(b'"number":')[1].split(b",")[0]) for item in items]
        finally:
            directory.close()

    return asyncio.run(play())


@pytest.mark.parametrize("versions", [30, 20_000])
def test_a_page_opens_its_own_files_only(versions: int, tmp_path: Path) -> None:
    _fill(tmp_path, versions)
    assert _cost(tmp_path, None, 25) == (25, list(range(versions, versions - 25, -1)))
    middle = versions // 2
    assert _cost(tmp_path, middle, 10) == (10, list(range(middle - 1, middle - 11, -1)))


def test_opening_a_site_lists_two_folders(tmp_path: Path) -> None:
    """After a restart the newest of 20,000 versions is found by the names of one folder and its newest subfolder."""
    _fill(tmp_path, 20_000)
    with _counting() as touched:
        assert Ledger(tmp_path / "sites" / "bakery" / "versions", tmp_path).latest() == 20_000
    assert len(touched) == 2


@pytest.mark.parametrize(
    ("latest", "before", "limit", "numbers", "following"),
    [
        (0, None, 5, [], None),
        (3, None, 5, [3, 2, 1], None),
        (5, None, 5, [5, 4, 3, 2, 1], None),
        (6, None, 5, [6, 5, 4, 3, 2], 2),
        (6, 2, 5, [1], None),
        (6, 1, 5, [], None),
        (6, 100, 2, [6, 5], 5),
    ],
)
def test_pages_tile_the_series(
    latest: int, before: int | None, limit: int, numbers: list[int], following: int | None
) -> None:
    listed, next_before = page(latest, before, limit)
    assert (list(listed), next_before) == (numbers, following)
