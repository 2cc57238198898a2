"""One real website from its folder to its visitors, as an owner takes it there."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.support.local_system import LocalSystem
from tests.support.site_journey import Imported, edit_and_publish, import_archive, read_folder

SITES = Path(__file__).parents[2] / ".sites"
HEADLINE = 'Change the headline to "Fresh & new"'
TITLE = 'Set the title to "Fresh & new"'
NEW = b"Fresh &amp; new"


@dataclass(frozen=True)
class RealSite:
    """A website's folder, how it is packed, what is asked for, and the files that an import leaves out on purpose."""

    folder: Callable[[], Path]
    pack: Callable[[Path], bytes]
    suffix: str
    request: str = HEADLINE
    left_out: Callable[[str], bool] = lambda path: False


def travel(system: LocalSystem, name: str, site: RealSite, seconds: float = 300) -> Imported:
    """Import, preview, edit, publish: what the edit did not touch keeps the bytes that it has in the folder."""
    folder = site.folder()
    original = read_folder(folder)
    imported = import_archive(system, name, site.pack(folder), site.suffix, seconds)
    left_out = original.keys() - imported.files.keys()
    assert left_out == set(filter(site.left_out, original))
    assert {path for path, data in imported.files.items() if original.get(path) != data} == set()
    after = edit_and_publish(system, name, imported.files, site.request, {"index.html"}, seconds)
    assert NEW in after["index.html"]
    return imported
