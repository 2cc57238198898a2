"""The glossary has every word of the domain, and no word that the code does not use."""

import ast
import re
from pathlib import Path

import pytest

from tests.product_files import FILES
from tests.test_linters import ROOT

PAGE = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
LINES = [line for line in PAGE.splitlines() if line.startswith("- ")]
CODE = "\n".join((ROOT / file).read_text(encoding="utf-8") for file in FILES)
TYPES = ("SiteName", "Digest", "JobId", "VersionNumber", "Fence")


def public_classes(module: str) -> list[str]:
    parsed = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    return [node.name for node in parsed.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]


@pytest.mark.parametrize(
    "module", ["shared/domain/vocabulary.py", "shared/domain/manifest.py", "shared/domain/job_records.py"]
)
def test_every_class_of_the_domain_has_its_line(module: str) -> None:
    wanted = public_classes(module) + ([*TYPES] if module == "shared/domain/vocabulary.py" else [])
    assert [name for name in wanted if not any(f"`{name}`" in line for line in LINES)] == []


def test_every_word_occurs_in_the_code() -> None:
    words = [word for line in LINES for word in re.findall(r"\*\*([\w ]+)\*\*", line.partition(": ")[0])]
    assert len(words) >= len(LINES)
    unused = [word for word in words if not re.search(rf"\b{word.replace(' ', '[ _-]?')}", CODE, re.IGNORECASE)]
    assert unused == []


def test_every_name_in_code_letters_occurs_in_the_code() -> None:
    named = {name for line in LINES for name in re.findall(r"`([A-Za-z_]+)`", line)}
    assert [name for name in sorted(named) if not re.search(rf"\b{name}\b", CODE)] == []


def test_each_line_is_one_sentence_about_one_word() -> None:
    assert [line for line in LINES if not re.match(r"- \*\*[\w ]+\*\*[^:]*: \S", line)] == []
    first = [line.split("**")[1] for line in LINES]
    assert len(first) == len(set(first)), "a word has one line"


def test_modules_that_pages_name_exist() -> None:
    """A page of docs/ that speaks of `shared/x.py` means a file that is there."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    named = {
        (page.name, name)
        for page in pages
        for name in re.findall(r"`((?:daemons|shared|htmx_ui|nginx|systemd|tests|bin)/[\w./-]+)`", page.read_text())
    }
    assert [(page, name) for page, name in sorted(named) if not (ROOT / Path(name)).exists()] == []
