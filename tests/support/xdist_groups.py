"""Spreads the tests over processes, and keeps in one process those that share what is slow to start.

Those are the tests of an `xdist_group`, of a module's fixtures, and of a whole system. pytest-xdist 3.8 writes the
group into an attribute that pytest 9.2 no longer reads (pytest-dev/pytest-xdist#1386), and `--dist loadgroup` then
scatters the tests without a word. Groups with most tests start first, so none is left over.
"""

import os

import pytest

_SYSTEMS = {"local_system": "practice-system", "_scripted_system": "scripted-system"}
_BYTES_EACH = 2 << 30


def processes(processors: int, memory: int) -> int:
    """Two more than processors, since tests also wait, unless memory is short; but two on any machine."""
    return max(2, min(processors + 2, memory // _BYTES_EACH))


@pytest.hookimpl
def pytest_xdist_auto_num_workers() -> int:
    """What `-n auto` means."""
    return processes(len(os.sched_getaffinity(0)), os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))


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
    """What its mark says; else the system that it uses, which every process would start anew; else its module."""
    mark = item.get_closest_marker("xdist_group")
    if mark:
        return str(mark.args[0])
    found = getattr(item, "_fixtureinfo", None)
    fixtures = found.name2fixturedefs if found else {}
    system = next((group for name, group in _SYSTEMS.items() if name in fixtures), None)
    scopes = {one.scope for definitions in fixtures.values() for one in definitions}
    return system or (item.path.stem if "module" in scopes else None)
