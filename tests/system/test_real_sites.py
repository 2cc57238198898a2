"""Websites that other people made and published: imported as they come, edited, published and rolled back."""

import io
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.local.folder import CHECKOUT
from tests.support.local_system import LocalSystem
from tests.support.waiting import wait_until

pytestmark = pytest.mark.xdist_group("practice-system")


def _zip(folder: Path) -> bytes:
    """As a person packs a folder: everything in it, below its name."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, f"{folder.name}/{file.relative_to(folder)}")
    return target.getvalue()


def _tar(folder: Path) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as archive:
        archive.add(folder, folder.name)
    return target.getvalue()


@dataclass(frozen=True)
class RealSite:
    """A package with a finished site in `dist/`, beside its sources, and a sentence on its home page."""

    package: str
    pack: Callable[[Path], bytes]
    suffix: str
    sentence: str
    other_hosts: tuple[str, ...]


SITES = {
    "agency-zip": RealSite(
        "startbootstrap-agency",
        _zip,
        ".zip",
        "It's Nice To Meet You",
        ("use.fontawesome.com", "fonts.googleapis.com", "cdn.jsdelivr.net", "cdn.startbootstrap.com"),
    ),
    "blog-tar": RealSite(
        "startbootstrap-clean-blog",
        _tar,
        ".tar.gz",
        "A Blog Theme by Start Bootstrap",
        ("use.fontawesome.com", "fonts.googleapis.com", "cdn.jsdelivr.net"),
    ),
}
NEW = "Nobody wrote this before."


@pytest.mark.parametrize("name", SITES)
def test_real_site_from_import_to_rollback(name: str, local_system: LocalSystem, tmp_path: Path) -> None:
    """I5, I6, I9: what the package has in dist/ is served byte by byte, and an edit changes what was asked for."""
    real = SITES[name]
    folder = CHECKOUT / "node_modules" / real.package
    upload = tmp_path / f"site{real.suffix}"
    upload.write_bytes(real.pack(folder))
    made = local_system.client.import_site({"name": name, "title": real.package}, upload)
    job = local_system.finish(made["job"], 180)
    assert (job["state"], job["version"]) == ("succeeded", 1), job

    check_imported(local_system, name, folder / "dist")
    check_warned(local_system, name, 1, real)

    job = local_system.finish(local_system.ask(name, f'Replace "{real.sentence}" with "{NEW}"'), 180)
    assert (job["state"], job["version"]) == ("succeeded", 2), job
    assert changed_files(local_system, name, 2) == ([], ["index.html"], [])
    check_warned(local_system, name, 2, real)

    job = local_system.finish(local_system.ask(name, 'Add a page called "Our team" saying "We are four."'), 180)
    assert (job["state"], job["version"]) == ("succeeded", 3), job
    added, _, removed = changed_files(local_system, name, 3)
    assert (added, removed) == (["our-team.html"], [])

    check_published_and_rolled_back(local_system, name, folder / "dist")


def check_imported(system: LocalSystem, name: str, dist: Path) -> None:
    """The site is dist/ and nothing else of the package; the preview serves its text files unchanged."""
    files = [file.relative_to(dist).as_posix() for file in sorted(dist.rglob("*")) if file.is_file()]
    added, _, _ = changed_files(system, name, 1)
    assert added == sorted(files)
    wait_until(lambda: system.shown(f"preview--{name}") == 1, "the import is previewed")
    texts = [path for path in files if path.endswith((".html", ".css", ".js"))]
    assert len(texts) >= 3
    for path in texts:
        assert system.page(f"preview--{name}", f"/{path}") == (dist / path).read_bytes().decode(), path


def check_warned(system: LocalSystem, name: str, number: int, real: RealSite) -> None:
    """What the site loads from elsewhere can't be checked, which is a warning and no failure."""
    checks = {check["name"]: check for check in system.client.get(f"/sites/{name}/versions/{number}")["checks"]}
    assert {check["status"] for check in checks.values()} <= {"passed", "warning"}, checks
    assert checks["other sites"]["status"] == "warning"
    [finding] = checks["other sites"]["findings"]
    assert [host for host in real.other_hosts if host not in finding] == []


def changed_files(system: LocalSystem, name: str, number: int) -> tuple[list[str], list[str], list[str]]:
    """The paths that a version added, modified and removed."""
    files = system.client.get(f"/sites/{name}/versions/{number}")["files"]
    added, modified, removed = ([change["path"] for change in files[kind]] for kind in ("added", "modified", "removed"))
    return added, modified, removed


def check_published_and_rolled_back(system: LocalSystem, name: str, dist: Path) -> None:
    """Visitors see each version whole, and the first one again after the rollback."""
    first = (dist / "index.html").read_bytes().decode()
    system.publish(name, 1)
    assert system.page(name) == first
    system.publish(name, 3)
    assert NEW in system.page(name)
    assert "We are four." in system.page(name, "/our-team.html")
    system.publish(name, 1)
    assert system.page(name) == first
    assert system.page(name, "/css/styles.css") == (dist / "css/styles.css").read_bytes().decode()
    by = system.client.get(f"/sites/{name}/deployments")["items"]
    assert [item["version"] for item in by if item["slot"] == "current"] == [1, 3, 1]
