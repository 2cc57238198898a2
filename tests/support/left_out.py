"""Says in one line at a run's end which tests it left out, and with what command they run."""

import re
from collections.abc import Sequence

import pytest

_PACKAGE = re.compile(r"Debian's package ([a-z-]+) is missing\.")
_OTHERS = (
    "real websites (`make test-sites`), every kind of attached file (`make test-attachments`) "
    "and whole machines (`make test-machine`, `make test-kernel`)"
)


def package_missing(name: str) -> str:
    """The reason to skip a test for want of a Debian package that `make test-all` installs."""
    return f"Debian's package {name} is missing."


def left_out(reasons: Sequence[str], *, whole: bool) -> str:
    """The line, from the reason of each skipped test; `whole` says that the run was one of all tests."""
    packages = sorted({found[1] for reason in reasons if (found := _PACKAGE.search(reason))})
    others = [reason for reason in reasons if not _PACKAGE.search(reason)]
    parts = []
    if packages:
        needing = _tests(len(reasons) - len(others))
        parts.append(f"{needing} for want of {', '.join(packages)} (`make test-all` installs it and runs them)")
    parts += [f"{_tests(others.count(reason))}: {reason}" for reason in sorted(set(others))]
    parts += [_OTHERS] if whole else []
    return f"left out: {'; '.join(parts)}" if parts else ""


def _tests(number: int) -> str:
    return f"{number} test{'s' * (number != 1)}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the line just above pytest's own last one."""
    skipped = [report for report in terminalreporter.getreports("skipped") if isinstance(report.longrepr, tuple)]
    reasons = [report.longrepr[2].removeprefix("Skipped: ") for report in skipped]
    if line := left_out(reasons, whole=config.args_source is pytest.Config.ArgsSource.TESTPATHS):
        terminalreporter.write_line(line, yellow=True)
