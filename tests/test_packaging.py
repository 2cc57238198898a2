"""The wheel: complete, ours alone in its names, and built from what is in the repository without any network."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable
from importlib.metadata import distributions, packages_distributions
from pathlib import Path

import pytest

from tests.product_files import FILES, imports
from tests.test_linters import ROOT, tracked_files

PACKAGES = ("cli", "daemons", "shared", "htmx_ui")


# Dependencies that the product does not import itself, and who does.
LOADED = {"aiosqlite": "SQLAlchemy", "psycopg": "SQLAlchemy", "python-multipart": "starlette, to read forms"}


def names(requirements: Iterable[str]) -> set[str]:
    """The packages of requirements, written as PyPI compares them."""
    return {re.split(r"[^\w.-]", text)[0].lower().replace("_", "-") for text in requirements}


def imported() -> set[str]:
    """The packages whose modules the product imports."""
    providers = packages_distributions()
    modules = {name.split(".")[0] for file in FILES for name in imports(file)}
    return names(package for module in modules for package in providers.get(module, ()))


def test_servers_install_what_is_used_and_nothing_else() -> None:
    """The bundle has what requirements.lock names: each dependency of the project, and none of the local run alone."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed, extra = names(project["dependencies"]), names(project["optional-dependencies"]["local"])
    locked = names(re.findall(r"^\S+==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE))
    assert needed - locked == set()
    assert locked & extra == set()
    assert needed - imported() == set(LOADED), "a dependency that nothing imports is none"
    assert imported() - locked - {"pagewright"} == set(), "what is imported is installed"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("wheel")
    # With an unreachable proxy, a build that wanted the network would fail.
    environment = {"PATH": os.defpath, "HOME": os.fspath(directory), "https_proxy": "http://127.0.0.1:1"}
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", os.fspath(directory)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=120)
    (built,) = directory.glob("*.whl")
    return built


def contents(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_the_wheel_has_every_file_of_the_packages_and_no_other(wheel: Path) -> None:
    ours = {file.as_posix() for file in tracked_files() if file.parts[0] in PACKAGES}
    packed = contents(wheel)
    assert ours - packed == set()
    assert packed - ours == set()


@pytest.mark.parametrize("pattern", ["*.lua", "*.html", "*.css", "*.js", "py.typed", "*/migrations/*.py"])
def test_the_wheel_has_what_is_not_code(wheel: Path, pattern: str) -> None:
    assert any(Path(name).match(pattern) for name in contents(wheel))


def test_nobody_else_installs_packages_of_our_names() -> None:
    """pip would overwrite the files of one with those of the other and say nothing."""
    for distribution in distributions():
        if distribution.name != "pagewright":
            names = {file.parts[0] for file in distribution.files or ()}
            assert not names & set(PACKAGES), f"{distribution.name} installs {names & set(PACKAGES)} too"


def test_the_installed_wheel_runs_from_anywhere(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile"]
    environment = {"PATH": os.defpath, "HOME": os.fspath(tmp_path), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run([*pip, "--target", target, wheel], env=environment, check=True, capture_output=True, timeout=120)
    program = "import cli.__main__ as cli; print(cli.__file__); cli.main(['--version'])"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd="/", env={"PATH": os.defpath, "PYTHONPATH": os.fspath(target)},
        check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.startswith(os.fspath(target)), done.stderr
    assert "pagewright 0." in done.stdout
