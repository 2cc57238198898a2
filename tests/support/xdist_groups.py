"""Keeps the tests of an `xdist_group` in one process, so that they share what is slow to start.

pytest-xdist 3.8 writes the group into an attribute that pytest 9.2 no longer reads (pytest-dev/pytest-xdist#1386), and
`--dist loadgroup` then scatters the tests without a word.
"""

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Write the group where xdist's scheduler reads it: behind the test's id."""
    if not config.getoption("loadgroup", False):
        return
    for item in items:
        mark = item.get_closest_marker("xdist_group")
        if mark and not item.nodeid.endswith(f"@{mark.args[0]}"):
            item._id = type(item.id).parse(f"{item.nodeid}@{mark.args[0]}")
