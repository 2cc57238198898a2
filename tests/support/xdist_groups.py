"""Keeps tests that share what is slow to start in one process: those of an `xdist_group`, and of a module's fixtures.

pytest-xdist 3.8 writes the group into an attribute that pytest 9.2 no longer reads (pytest-dev/pytest-xdist#1386), and
`--dist loadgroup` then scatters the tests without a word. Groups with most tests start first, so none is left over.
"""

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Write the group where xdist's scheduler reads it: behind the test's id."""
    if not config.getoption("loadgroup", False):
        return
    for item in items:
        group = _group(item)
        if group and not item.nodeid.endswith(f"@{group}"):
            item._id = type(item.id).parse(f"{item.nodeid}@{group}")


def _group(item: pytest.Item) -> str | None:
    """What its mark says; else its module, if it uses a fixture that every process would make anew for the module."""
    mark = item.get_closest_marker("xdist_group")
    if mark:
        return str(mark.args[0])
    found = getattr(item, "_fixtureinfo", None)
    scopes = {one.scope for fixtures in found.name2fixturedefs.values() for one in fixtures} if found else set()
    return item.path.stem if "module" in scopes else None
