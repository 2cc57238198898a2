"""A filled storage, and its files as they lie on the disk, to be damaged."""

from pathlib import Path

from daemons.storage.checksummed_file import checksummed, read_checksummed
from shared.domain.manifest import Manifest
from shared.domain.signing import manifest_bytes
from shared.domain.vocabulary import Slot
from tests.support.manifests import fill_site
from tests.support.storage_process import StorageProcess


async def fill(storage: StorageProcess) -> None:
    async with storage.client() as worker, storage.client("api") as api:
        await fill_site(worker, 4)
        for version, slot in ((1, Slot.CURRENT), (2, Slot.PREVIEW), (3, Slot.CURRENT)):
            await api.deploy("bakery", slot, version, "ana")


async def take_down(storage: StorageProcess) -> None:
    async with storage.client("api") as api:
        await api.desire("bakery", Slot.CURRENT, None, "ana", accept_failed_checks=False, expected=3)


async def move(storage: StorageProcess) -> None:
    async with storage.client("api") as api:
        for before, address in (("bakery", "brot"), ("brot", "laden"), ("laden", "bakery")):
            await api.move_address("bakery", address, None, "ana", before)


def site_folder(root: Path) -> Path:
    return root / "sites" / "bakery"


def version_file(root: Path, number: int) -> Path:
    return site_folder(root) / "versions" / "000000" / str(number)


def manifest_of(root: Path, number: int) -> Manifest:
    return Manifest.model_validate_json(read_checksummed(version_file(root, number)))


def change_manifest(root: Path, number: int, **change: object) -> None:
    """Rewrite a manifest with a good checksum and the old signature."""
    version_file(root, number).write_bytes(
        checksummed(manifest_bytes(manifest_of(root, number).model_copy(update=change)))
    )
