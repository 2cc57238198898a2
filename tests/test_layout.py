"""The rules of how files are laid out and named, held over every file of the product.

Ruff holds those that it knows: a docstring in every module (D100, D104), no module named after the standard library
(A005).
"""

import ast
import re
from pathlib import Path

from tests.product_files import FILES, is_in, parsed, report
from tests.test_linters import ROOT, tracked_files

# Modules without a test of their name, and why they need none. A module without functions only declares.
UNTESTED = {
    "__init__.py": "says what its folder is for",
    "__main__.py": "a thin shell that starts what other modules decide; the system's tests start it",
    "daemons/api/database/migrations/": "its steps; tests/api/database/test_migrations.py goes them up",
    "daemons/api/database/tables.py": "tables as SQLAlchemy declares them; the test of migrations compares them",
    "daemons/model/model_source.py": "a protocol",
    "daemons/worker/sandbox/jail.py": "a protocol",
}


def test_files_are_short() -> None:
    lengths = {file: len((ROOT / file).read_text(encoding="utf-8").splitlines()) for file in FILES}
    report(f"{file} has {length} lines; split it by its jobs" for file, length in lengths.items() if length > 250)


def test_one_name_means_one_thing() -> None:
    """No two classes have the same name: whoever reads it in one file knows it in the other."""
    homes: dict[str, list[str]] = {}
    for file in FILES:
        for node in parsed(file).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(str(file))
    report(f"{name} means {len(files)} things: {', '.join(files)}" for name, files in homes.items() if len(files) > 1)


def test_functions_are_short() -> None:
    report(
        f"{file}:{node.lineno} {node.name} has {length} lines"
        for file in FILES
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (length := (node.end_lineno or 0) - node.lineno + 1) > 40
    )


def mirror_of(file: Path) -> Path:
    """Where the test of a module is looked for: `daemons/api/jobs/rows.py` has `tests/api/jobs/test_rows.py`."""
    folder = file.parent.relative_to("daemons") if file.is_relative_to("daemons") else file.parent
    return Path("tests", folder, f"test_{file.name}")


def may_go_untested(file: Path) -> bool:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    declares = not any(isinstance(node, functions) for node in ast.walk(parsed(file)))
    return declares or file.name in UNTESTED or is_in(file, list(UNTESTED))


def test_every_module_has_a_test_of_its_name() -> None:
    """Who changes a module finds its test without a search."""
    tests = set(tracked_files())
    report(
        f"{file} has no {mirror_of(file)}"
        for file in FILES
        if mirror_of(file) not in tests and not may_go_untested(file)
    )


REGISTRY = re.compile(r"registry\.npmjs|pypi\.org|pythonhosted\.org|registry\.yarnpkg|ghcr\.io|docker\.io|index-url *=")


MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:work/(?:main|shared)|home/(?!\$|<)[a-z]\w*|Users/\w+|opt/(?:wheels|pypi))/")


def test_no_registry_and_no_machine_is_named() -> None:
    """Where packages come from is the machine's affair, and nobody else has this machine's folders."""
    binary = (".png", ".jpg", ".woff2", ".gz", ".zip", ".ico")
    texts = {
        file: (ROOT / file).read_text(encoding="utf-8", errors="replace")
        for file in tracked_files()
        if file.suffix not in binary and file != Path("tests/test_layout.py")
    }
    report(f"{file} names a registry: {found}" for file, text in texts.items() if (found := REGISTRY.findall(text)))
    report(
        f"{file} names a machine's folder: {found}"
        for file, text in texts.items()
        if (found := MACHINE_PATH.findall(text))
    )


def test_npm_locks_say_no_origin() -> None:
    locks = [file for file in tracked_files() if file.name == "package-lock.json"]
    assert len(locks) == 2
    assert [lock for lock in locks if '"resolved"' in (ROOT / lock).read_text(encoding="utf-8")] == []


def test_no_private_name_is_patched() -> None:
    """What a test has to set is an argument; a patched private name would go on passing when nobody reads it."""
    report(
        f"{file}:{node.lineno} patches {ast.unparse(node)}; make it an argument"
        for file in tracked_files()
        if file.parts[0] == "tests" and file.suffix == ".py" and "attr(" in (ROOT / file).read_text(encoding="utf-8")
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "setattr"
        if any(
            isinstance(argument, ast.Constant) and re.search(r"(^|\.)_[^_]", str(argument.value))
            for argument in node.args[:2]
        )
    )


def test_every_exemption_is_there() -> None:
    for home in UNTESTED:
        assert "/" not in home or (ROOT / home).exists(), f"{home} is gone"
