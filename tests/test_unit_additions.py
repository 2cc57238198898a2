"""What the roll-out adds to the units of one host among many: systemd understands it, and exposure stays low."""

from pathlib import Path

import jinja2
import pytest

from tests.support.unit_root import FOLDER, judge_exposure, verify_units
from tests.test_linters import ROOT

TEMPLATES = ROOT / "ansible/roles/daemon/templates"
# Of each daemon: does it call other hosts, do they call it, does Prometheus ask it?
DAEMONS = {
    "api": (True, True, True),
    "worker": (True, False, True),
    "deployer": (True, False, True),
    "storage": (False, True, True),
    "model": (False, True, True),
    "backup-database": (True, False, False),
}
# Highest exposure by `systemd-analyze security`, in tenths; who calls nobody has no network even then.
_MOST = {"storage": 5, "model": 12}
_MOST_WITH_NETWORK = 10


@pytest.mark.parametrize("daemon", DAEMONS)
def test_additions_of_many_machines(installed: Path, daemon: str) -> None:
    """I7: a unit that calls other hosts gets the network to exactly those, and one that is called gets none."""
    units = installed / "etc/systemd/system"
    [unit] = (file.name for file in FOLDER.glob(f"pagewright-{daemon}*.service"))
    sockets = add(units, unit, daemon)
    verify_units(installed, unit, *sockets)
    judge_exposure(installed, unit, _MOST.get(daemon, _MOST_WITH_NETWORK))


def add(units: Path, unit: str, daemon: str) -> list[str]:
    """Write a unit's drop-in, and the sockets that it names, as the role does; the names of the sockets."""
    calls, called, asked = DAEMONS[daemon]
    instance = unit.replace("@.", "@1.")
    values = {
        "ansible_managed": "Written by Ansible",
        "daemon_name": daemon,
        "daemon_instances": ["1"] if "@" in unit else [""],
        "daemon_peers": ["10.0.0.31", "10.0.0.41"] if calls else [],
        "daemon_service_sockets": [instance] if called else [],
        "daemon_admin_sockets_of": [instance] if asked else [],
        "fleet_here": {"address": "10.0.0.11"},
        "daemon_port": 7400,
        "daemon_callers": ["10.0.0.51"],
        "item": instance,
    }
    (units / f"{unit}.d").mkdir()
    (units / f"{unit}.d/network.conf").write_text(fill("network.conf.j2", values))
    stem = instance.removesuffix(".service").replace("@", "-")
    listeners = {f"{stem}.socket": "service"} if called else {}
    listeners |= {f"{stem}-admin.socket": "admin"} if asked else {}
    for name, kind in listeners.items():
        (units / name).write_text(fill("listener.socket.j2", values | {"daemon_listener": kind}))
    return list(listeners)


def fill(template: str, values: dict[str, object]) -> str:
    """A template as Ansible fills it in: what is missing is an error."""
    environment = jinja2.Environment(trim_blocks=True, keep_trailing_newline=True, undefined=jinja2.StrictUndefined)
    return environment.from_string((TEMPLATES / template).read_text(encoding="utf-8")).render(values)
