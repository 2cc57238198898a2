"""A run says what it left out, in one line, with the command that brings it."""

import subprocess
import sys
from pathlib import Path

from tests.support.left_out import left_out, package_missing
from tests.test_linters import ROOT


def test_packages_are_named_once_with_the_command() -> None:
    reasons = [package_missing(name) for name in ("vagrant", "postgresql", "vagrant")]
    assert left_out(reasons, whole=False) == (
        "left out: 3 tests for want of postgresql, vagrant (`make test-all` installs it and runs them)"
    )


def test_other_reasons_are_told_and_a_whole_run_names_the_machines() -> None:
    told = left_out(["The moon is full.", package_missing("vagrant")], whole=True)
    assert told == (
        "left out: 1 test for want of vagrant (`make test-all` installs it and runs them); "
        "1 test: The moon is full.; "
        "real websites (`make test-sites`), every kind of attached file (`make test-attachments`) "
        "and whole machines (`make test-machine`, `make test-kernel`)"
    )
    assert left_out([], whole=False) == ""


def test_what_test_all_installs_is_what_tests_may_want() -> None:
    needed = {"apparmor", "postgresql", "prometheus", "prometheus-alertmanager", "vagrant"}
    script = (ROOT / "bin/setup").read_text(encoding="utf-8")
    (line,) = [line for line in script.splitlines() if line.strip().startswith("packages+=(")]
    assert set(line.strip().removeprefix("packages+=(").removesuffix(")").split()) == needed


def test_the_line_is_one_of_the_last(tmp_path: Path) -> None:
    """Also where several processes share the tests, as in `make test`."""
    (tmp_path / "conftest.py").write_text("pytest_plugins = ['tests.support.left_out']\n")
    (tmp_path / "test_it.py").write_text(
        "import pytest\nfrom tests.support.left_out import package_missing\n"
        "@pytest.mark.parametrize('n', range(3))\n"
        "@pytest.mark.skipif(True, reason=package_missing('vagrant'))\n"
        "def test_it(n: int) -> None: ...\n"
    )
    plain = ["-p", "no:playwright", "-p", "no:hypothesispytest"]  # three processes that need not load them
    options = [*plain, "-q", "-n", "2", "-p", "no:cacheprovider", "-c", "/dev/null"]
    command = [sys.executable, "-m", "pytest", *options, tmp_path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    lines = [line for line in done.stdout.splitlines() if line]
    assert lines[-2] == "left out: 3 tests for want of vagrant (`make test-all` installs it and runs them)"
    assert "3 skipped" in lines[-1]
