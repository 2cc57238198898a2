"""Fixtures of all tests, and the switch with which CI forbids skipping.

Each file in `tests/support/` is a pytest plugin that provides one real thing: a Redis, a storage process, a web server.
"""

import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# A slow machine is no failure, and a run leaves nothing behind.
hypothesis.settings.register_profile(
    "pagewright", deadline=None, database=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("pagewright")
pytest.register_assert_rewrite("tests.support")  # before plugins import one another
_SUPPORT = Path(__file__).parent / "support"

pytest_plugins = [f"tests.support.{file.stem}" for file in sorted(_SUPPORT.glob("*.py")) if file.stem != "__init__"]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, None]:
    """With PAGEWRIGHT_FORBID_SKIPS=1 a skipped test is a failed test."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("PAGEWRIGHT_FORBID_SKIPS") == "1":
        report.outcome = "failed"
        report.longrepr = f"skipped, which PAGEWRIGHT_FORBID_SKIPS=1 forbids: {report.longrepr}"
