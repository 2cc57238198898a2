"""Four of Debian's manuals: sites of hundreds of pages, up to 70 MB, packed with their symlinks."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.local_system import LocalSystem
from tests.support.real_sites import HEADLINE, SITES, TITLE, RealSite, travel
from tests.support.site_journey import tarred, zipped_folder

pytestmark = [pytest.mark.sites, pytest.mark.xdist_group("practice-system")]

MANUALS = {
    "gnuplot": ("gnuplot/htmldocs", TITLE),
    "sqlite": ("sqlite3", TITLE),
    "postgresql": ("postgresql-doc-*/html", HEADLINE),
    "python": ("python3.*[0-9]/html", HEADLINE),
}
PACKED: dict[str, Callable[[Path], bytes]] = {".tar.gz": tarred, ".zip": zipped_folder}


@pytest.mark.parametrize("suffix", PACKED)
@pytest.mark.parametrize("name", MANUALS)
def test_manual(name: str, suffix: str, local_system: LocalSystem) -> None:
    """I5, I6, I11."""
    pattern, request = MANUALS[name]

    def folder() -> Path:
        [found] = (SITES / "debian/usr/share/doc").glob(pattern)
        return found

    site = RealSite(folder, PACKED[suffix], suffix, request, _is_left_out)
    travel(local_system, f"{name}{suffix.replace('.', '-')}", site, 900)


def _is_left_out(path: str) -> bool:
    """What is hidden, and what a web server would send as another page."""
    return path.startswith(".") or path.endswith(".html.gz")
