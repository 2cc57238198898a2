"""The README's pictures and commands: each is there, small enough to load, and what continuous integration runs."""

import re
import struct
from pathlib import Path

from docs.pictures import PICTURES, SCHEMES, SCREENS
from tests.test_linters import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
NAMES = {f"{name}-{screen}-{scheme}.png" for name in ("chat", "publish") for screen in SCREENS for scheme in SCHEMES}
MOST_BYTES = 150_000


def size_of(picture: Path) -> tuple[int, int]:
    """Width and height, from a PNG's first chunk."""
    data = picture.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n"), f"{picture} is no PNG"
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def test_the_pictures_are_those_that_the_command_writes() -> None:
    assert {picture.name for picture in PICTURES.iterdir()} == NAMES
    for name in NAMES:
        picture, screen = PICTURES / name, SCREENS[name.split("-")[1]]
        assert size_of(picture) == (screen["width"], screen["height"])
        assert picture.stat().st_size < MOST_BYTES, f"{name} is too large for a README"


def test_each_picture_in_the_readme_exists_in_light_and_dark() -> None:
    dark = re.findall(r'<source media="\(prefers-color-scheme: dark\)" srcset="([^"]+)">', README)
    light = re.findall(r'<img src="([^"]+)"[^>]* alt="[^"]+">', README)
    assert light
    assert [name.replace("-light.", "-dark.") for name in light] == dark
    assert [name for name in (*light, *dark) if not (ROOT / name).is_file()] == []


def test_continuous_integration_runs_the_tests_as_the_readme_says() -> None:
    (block,) = re.findall(r"((?:^    make .*\n)+)", README, re.MULTILINE)
    assert re.findall(r"make (\w+)", block) == ["run", "test"]
    ci = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert "\nrun test\n" in ci


def test_the_license_is_the_one_that_the_project_names() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
