"""The product's files, parsed, for the tests that hold rules over all of them."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.test_linters import ROOT, tracked_files

PACKAGES = ("cli", "daemons", "shared", "htmx_ui")


FILES = [file for file in tracked_files() if file.suffix == ".py" and file.parts[0] in PACKAGES]


def report(faults: Iterable[str]) -> None:
    """Fail with every fault, a line each."""
    found = list(faults)
    if found:
        pytest.fail("\n".join(found), pytrace=False)


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse((ROOT / file).read_text(encoding="utf-8"), filename=str(file))


def imports(file: Path) -> Iterator[str]:
    """The full names of the modules that a file imports, wherever it does."""
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are absolute"
            assert node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_in(file: Path, homes: list[str]) -> bool:
    return any(file.as_posix() == home or (home.endswith("/") and file.as_posix().startswith(home)) for home in homes)


def texts_in(file: Path) -> Iterator[str]:
    """The texts in a file's code, without its docstrings."""
    docstrings = {id(node.value) for node in ast.walk(parsed(file)) if isinstance(node, ast.Expr)}
    yield from (
        node.value
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    )
