"""Says at the end of a run where its minutes went: a table by folder, with `--minutes` or where no skip is allowed."""

import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePosixPath

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--minutes", action="store_true", help="End with the minutes that each folder of tests took.")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The workers of xdist report everything to the process that writes this."""
    if not config.getoption("minutes") and os.environ.get("PAGEWRIGHT_FORBID_SKIPS") != "1":
        return
    reports = [one for group in terminalreporter.stats.values() for one in group if isinstance(one, pytest.TestReport)]
    if reports:
        terminalreporter.section("minutes by folder")
        terminalreporter.write("\n".join([*table(reports), ""]))


def table(reports: Iterable[pytest.TestReport]) -> list[str]:
    """The folder that took longest first; workers run side by side, so the sum is more than what the clock showed."""
    phases: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for report in reports:
        of_folder = phases[PurePosixPath(report.nodeid.partition("::")[0]).parent.as_posix()]
        of_folder[report.when] += report.duration
        of_folder["tests"] += report.when == "call"
    total = {name: sum(one[name] for one in phases.values()) for name in ("setup", "call", "teardown", "tests")}
    ordered = sorted(phases.items(), key=lambda item: -_seconds(item[1]))
    return [_HEAD, *(_line(folder, one) for folder, one in [*ordered, ("all", total)])]


_HEAD = f"{'all':>7}{'set-up':>9}{'test':>9}{'end':>9}{'tests':>9}  folder"


def _seconds(phases: dict[str, float]) -> float:
    return phases["setup"] + phases["call"] + phases["teardown"]


def _line(folder: str, phases: dict[str, float]) -> str:
    parts = "".join(f"{phases[name] / 60:>9.2f}" for name in ("setup", "call", "teardown"))
    return f"{_seconds(phases) / 60:>7.2f}{parts}{phases['tests']:>9.0f}  {folder}"
