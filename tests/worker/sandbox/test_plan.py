"""A plan is data: it refuses what no sandbox may get, and says what the runner has to know."""

from pathlib import Path

import pytest

from daemons.worker.sandbox import Mount, Plan, RunLimits
from daemons.worker.sandbox.session import start_message

_FDS = {"passwd": 10, "group": 11, "calls": 12, "refusals": 13, "info": 14, "userns": 15}
_PLAN = Plan(
    argv=("/opt/tool/tool", "--flag"),
    limits=RunLimits(wall_seconds=5, workspace_bytes=1 << 20),
    env={"KEY": "value"},
    programs=(Mount(Path("/srv/tool"), "/opt/tool/tool"),),
    relay=True,
    collect="site",
)


def test_runner_is_told_the_plan_and_no_more() -> None:
    message = start_message(_PLAN)
    assert message["argv"] == ["/opt/tool/tool", "--flag"]
    assert message["environment"] == {
        "HOME": "/agent",
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TMPDIR": "/scratch",
        "KEY": "value",
    }
    assert (message["relay_port"], message["collect"], message["warm"]) == (8080, "site", False)


@pytest.mark.parametrize("target", ["/ws/x", "/usr/bin/x", "/opt", "opt/x", "/opt/../ws", "/proc/x"])
def test_mount_goes_nowhere_else(target: str) -> None:
    with pytest.raises(ValueError, match="below /opt or /etc"):
        Mount(Path("/srv/tool"), target)


def test_mount_comes_from_an_absolute_path() -> None:
    with pytest.raises(ValueError, match="absolute"):
        Mount(Path("tool"), "/opt/tool")


@pytest.mark.parametrize("folder", ["/etc", "../x", "a/../../b"])
def test_collected_folder_lies_in_the_workspace(folder: str) -> None:
    with pytest.raises(ValueError, match="folder of the workspace"):
        Plan(argv=("true",), limits=RunLimits(wall_seconds=1), collect=folder)
