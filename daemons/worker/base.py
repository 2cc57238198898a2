"""The version that a job starts from: its manifest, its source, and what it serves."""

from dataclasses import dataclass, field

from shared.clients.storage import StorageClient
from shared.domain.archive import unpack
from shared.domain.errors import NotFound
from shared.domain.file_list import decode_file_list
from shared.domain.manifest import FileList, Manifest
from shared.domain.tree import Tree
from shared.domain.unreadable import reading_version
from shared.domain.vocabulary import SiteHead


@dataclass(frozen=True)
class Base:
    """The version that a job changes; the base of a site's first version is empty."""

    manifest: Manifest | None = None
    source: Tree = field(default_factory=dict[str, bytes])
    served: FileList | None = None

    @property
    def number(self) -> int | None:
        return self.manifest.number if self.manifest else None


async def fetch_base(storage: StorageClient, head: SiteHead, number: int | None) -> Base:
    """Version `number` of the site, or the newest if `number` is None.

    Raises NotFound if there is no such version, and Conflict if its bytes can't be read: the hint names other bases.
    """
    wanted = number or head.latest
    if wanted is None:
        return Base()
    if wanted > (head.latest or 0):
        raise NotFound(f"The site {head.site} has no version {wanted}.", "Choose one of its versions.")
    manifest = await storage.version(head.site, wanted)
    with reading_version(wanted):
        artifact = unpack(await storage.get_blob(manifest.artifact.sha256, manifest.artifact.size))
        served = decode_file_list(await storage.get_blob(manifest.public.sha256, manifest.public.size))
    return Base(manifest, artifact.source, served)
