"""Ten finished websites from npm."""

import pytest

from tests.support.local_system import LocalSystem
from tests.support.real_sites import HEADLINE, SITES, TITLE, RealSite, travel
from tests.support.site_journey import tarred, zipped_folder

pytestmark = [pytest.mark.sites, pytest.mark.xdist_group("practice-system")]

# The package, the folder in it that is the site, and what is asked for: some home pages have no headline.
PACKAGES = {
    "html5-boilerplate": ("dist", TITLE),
    "impress.js": (".", HEADLINE),
    "jquery-ui-dist": (".", HEADLINE),
    "reveal.js": (".", TITLE),
    "skeleton-css": (".", TITLE),
    "startbootstrap-creative": ("dist", HEADLINE),
    "startbootstrap-resume": ("dist", HEADLINE),
    "startbootstrap-sb-admin": ("dist", HEADLINE),
    "startbootstrap-sb-admin-2": (".", HEADLINE),
    "startbootstrap-simple-sidebar": ("dist", HEADLINE),
}


@pytest.mark.parametrize("number", range(len(PACKAGES)))
def test_site_of_a_package(number: int, local_system: LocalSystem) -> None:
    """I5, I6: packed in turns as .zip and as .tar.gz."""
    package = list(PACKAGES)[number]
    folder, request = PACKAGES[package]
    pack, suffix = ((zipped_folder, ".zip"), (tarred, ".tar.gz"))[number % 2]
    site = RealSite(lambda: SITES / "node_modules" / package / folder, pack, suffix, request, _is_left_out)
    travel(local_system, package.replace(".", "-"), site)


def _is_left_out(path: str) -> bool:
    """What is hidden, and what npm installed beside the site."""
    return any(part.startswith(".") or part == "node_modules" for part in path.split("/"))
