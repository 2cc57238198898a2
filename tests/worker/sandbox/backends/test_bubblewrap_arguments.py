"""What bubblewrap is told about a plan can be read without starting anything, and without root."""

from pathlib import Path

import pytest

from daemons.worker.sandbox import Mount, Plan, RunLimits
from daemons.worker.sandbox.backends.bubblewrap_arguments import User, arguments

_FDS = {"passwd": 10, "group": 11, "calls": 12, "refusals": 13, "info": 14, "userns": 15}
_PLAN = Plan(
    argv=("/opt/tool/tool", "--flag"),
    limits=RunLimits(wall_seconds=5, workspace_bytes=1 << 20),
    env={"KEY": "value"},
    programs=(Mount(Path("/srv/tool"), "/opt/tool/tool"),),
    relay=True,
    collect="site",
)


def _arguments(user: User, *, disable_userns: bool = True) -> list[str]:
    return arguments(_PLAN, user, disable_userns=disable_userns, data_fds=_FDS)


def _pairs(line: list[str]) -> list[tuple[str, ...]]:
    """Each option with what follows it."""
    starts = [n for n, part in enumerate(line) if part.startswith("--")]
    return [tuple(line[a:b]) for a, b in zip(starts, [*starts[1:], len(line)], strict=True)]


@pytest.mark.parametrize("user", [User(1000, from_root=False), User(61184, from_root=True)])
def test_every_jail_has_all_namespaces_and_dies_as_a_whole(user: User) -> None:
    """I7, I8."""
    line = _arguments(user)
    for option in "ipc pid net uts cgroup".split():
        assert f"--unshare-{option}" in line
    for option in ("--die-with-parent", "--new-session", "--as-pid-1", "--clearenv"):
        assert option in line
    assert ("--cap-drop", "ALL") in _pairs(line)
    assert line.count("--add-seccomp-fd") == 2


def test_ordinary_user_gets_a_namespace_of_its_own() -> None:
    line = _arguments(User(1000, from_root=False))
    assert {"--unshare-user", "--disable-userns"} <= set(line)
    assert ("--uid", "1000") in _pairs(line)
    assert "--cap-add" not in line


def test_root_keeps_only_the_right_to_become_another() -> None:
    line = _arguments(User(61184, from_root=True))
    assert ("--userns", "15") in _pairs(line)
    assert "--uid" not in line
    kept = [pair[1] for pair in _pairs(line) if pair[0] == "--cap-add"]
    assert kept == ["CAP_SETUID", "CAP_SETGID"]


def test_only_the_plan_and_the_system_are_visible() -> None:
    """I7: the root is an allow-list, and read-only."""
    pairs = _pairs(_arguments(User(1000, from_root=False)))
    bound = {pair[1:] for pair in pairs if pair[0] in ("--ro-bind", "--ro-bind-try")}
    targets = {target for _, target in bound}
    assert ("/srv/tool", "/opt/tool/tool") in bound
    assert all(target.startswith(("/usr", "/opt/", "/etc/ld.so.cache", "/etc/alternatives")) for target in targets)
    assert not [pair for pair in pairs if pair[0] in ("--bind", "--dev-bind-try", "--bind-try", "--setenv")]
    assert [pair[1:] for pair in pairs if pair[0] == "--dev-bind"] == [("/dev/full", "/dev/zero")]
    assert pairs.index(("--remount-ro", "/")) > max(n for n, pair in enumerate(pairs) if pair[0] == "--ro-bind")


def test_every_writable_place_has_a_size() -> None:
    """I8."""
    pairs = _pairs(_arguments(User(1000, from_root=False)))
    writable = {pair[1] for pair in pairs if pair[0] == "--tmpfs"} - {"/usr/local", "/usr/src"}
    assert writable == {"/ws", "/agent", "/scratch", "/dev/shm"}
    for place in writable:
        assert pairs[pairs.index(("--tmpfs", place)) - 1][0] == "--size"
    assert ("--size", str(1 << 20)) == pairs[pairs.index(("--tmpfs", "/ws")) - 1]
