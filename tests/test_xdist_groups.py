"""`make test` spreads its tests: over how many processes, and a system that tests share starts once."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.xdist_groups import processes
from tests.test_linters import ROOT

_GIGABYTE = 1 << 30


@pytest.mark.parametrize(
    ("processors", "gigabytes", "expected"), [(2, 16, 4), (8, 64, 10), (8, 8, 4), (2, 2, 2), (1, 1, 2)]
)
def test_two_more_than_processors_as_far_as_memory_goes(processors: int, gigabytes: int, expected: int) -> None:
    assert processes(processors, gigabytes * _GIGABYTE) == expected


def test_tests_that_share_a_system_or_a_fixture_of_their_module_run_in_one_process(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        "import pytest\npytest_plugins = ['tests.support.xdist_groups']\n"
        "@pytest.fixture(scope='session')\ndef local_system(): ...\n"
        "@pytest.fixture(scope='module')\ndef server(): ...\n"
    )
    (tmp_path / "test_one.py").write_text("def test_a(local_system): ...\ndef test_b(server): ...\ndef test_c(): ...\n")
    spread = ["-n", "2", "--dist", "loadgroup", "-v", "-p", "no:cacheprovider", "-c", "/dev/null"]
    spread += ["-p", "no:playwright", "-p", "no:hypothesispytest"]  # three processes that need not load them
    command = [sys.executable, "-m", "pytest", *spread, tmp_path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    told = {line.rpartition("::")[2].strip() for line in done.stdout.splitlines() if "PASSED" in line}
    assert told == {"test_a@practice-system", "test_b@test_one", "test_c"}, done.stdout
