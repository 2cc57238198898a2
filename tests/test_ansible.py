"""The roll-out's files agree with one another and with what they roll out; no machine is needed for that."""

import re
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from runpy import run_path
from typing import Any

import pytest
import yaml

from shared.runtime.settings import ApiSettings, DeployerSettings, ModelSettings, StorageSettings, WorkerSettings
from tests.test_linters import ROOT

ANSIBLE = ROOT / "ansible"
ROLES = sorted(path.name for path in (ANSIBLE / "roles").iterdir())
PLAYS = yaml.safe_load((ANSIBLE / "site.yml").read_text(encoding="utf-8"))
PLAYBOOKS = sorted(path.name for path in ANSIBLE.glob("*.yml"))
DAEMONS = {
    "storage": StorageSettings,
    "model": ModelSettings,
    "worker": WorkerSettings,
    "deployer": DeployerSettings,
    "api": ApiSettings,
}
# Ansible's own package has the name of our folder, so ours is read by path.
ROLES_OF_GROUPS = run_path(str(ANSIBLE / "filter_plugins/fleet.py"))["ROLES"]
SECRETS, fleet_secrets = itemgetter("SECRETS", "fleet_secrets")(
    run_path(str(ANSIBLE / "filter_plugins/fleet_secrets.py"))
)
# What a task may say beside its one module.
KEYWORDS = {
    "name", "when", "loop", "loop_control", "register", "notify", "vars", "no_log", "changed_when", "failed_when",
    "check_mode", "until", "retries", "delay", "environment", "listen", "diff",
    "delegate_to", "run_once", "become",
}  # fmt: skip
BLOCK = {"block", "rescue", "always"}
PARTS = {"pre_tasks", "tasks", "post_tasks", "handlers"}


def role_file(role: str, path: str) -> dict[str, Any]:
    """A YAML file of a role; empty if there is none."""
    file = ANSIBLE / "roles" / role / path
    return yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else {}


def tasks(role: str) -> Iterator[dict[str, Any]]:
    for folder in ("tasks", "handlers"):
        for file in sorted((ANSIBLE / "roles" / role / folder).glob("*.yml")):
            yield from single_tasks(yaml.safe_load(file.read_text(encoding="utf-8")))


def single_tasks(listed: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The tasks of a list, and of the blocks in it."""
    for task in listed:
        if "block" in task:
            yield from single_tasks([*task["block"], *task.get("rescue", []), *task.get("always", [])])
        else:
            yield task


def credentials(daemon: str) -> set[str]:
    """The secrets that a daemon's unit loads, by their names without the prefix."""
    (unit,) = (ROOT / "systemd").glob(f"pagewright-{daemon}*.service")
    return set(re.findall(r"^LoadCredential=pagewright_(\w+):", unit.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_a_play_stops_at_the_first_fault(playbook: str) -> None:
    for play in yaml.safe_load((ANSIBLE / playbook).read_text(encoding="utf-8")):
        assert play["any_errors_fatal"] is True, play["name"]
        assert play["become"] is True, play["name"]


def test_every_role_is_used() -> None:
    assert sorted(role for play in PLAYS for role in play.get("roles", [])) == [
        role for role in ROLES if role not in ("backup", "daemon", "restore")
    ]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_says_what_can_be_set(role: str) -> None:
    options = role_file(role, "meta/argument_specs.yml")["argument_specs"]["main"].get("options", {})
    required = {name for name, option in options.items() if option.get("required")}
    assert set(options) - required == set(role_file(role, "defaults/main.yml"))
    assert all(option["type"] and option["description"] for option in options.values())


@pytest.mark.parametrize("role", ROLES)
def test_a_role_uses_builtin_modules_alone(role: str) -> None:
    for task in tasks(role):
        check_module(task)


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_a_playbook_uses_builtin_modules_alone(playbook: str) -> None:
    for play in yaml.safe_load((ANSIBLE / playbook).read_text(encoding="utf-8")):
        for part in PARTS & play.keys():
            for task in play[part]:
                check_module(task)


def check_module(task: dict[str, Any]) -> None:
    """Of a task, or of each task in a block."""
    inner = [step for part in BLOCK & task.keys() for step in task[part]]
    for step in inner:
        check_module(step)
    modules = set(task) - KEYWORDS - BLOCK
    assert len(modules) == (0 if inner else 1), task["name"]
    for module in modules:
        assert module.startswith("ansible.builtin."), task["name"]
        assert module not in ("ansible.builtin.shell", "ansible.builtin.raw"), task["name"]


def test_secrets_are_not_told() -> None:
    for task in [*tasks("secrets"), *tasks("database"), *tasks("redis")]:
        if "credentials" in str(task.get("ansible.builtin.slurp")) or "content" in task.get("ansible.builtin.copy", {}):
            assert task["no_log"] is True, task["name"]


def test_every_unit_is_linked_to_the_current_release() -> None:
    """One link, /opt/pagewright/current, decides about programs and units alike."""
    text = (ROOT / "systemd/pagewright.tmpfiles").read_text(encoding="utf-8")
    links = set(re.findall(r"^L\+ \S+ .* /opt/pagewright/current/systemd/(\S+)$", text, re.MULTILINE))
    units = {file.name for file in (ROOT / "systemd").iterdir()} - {"pagewright.sysusers", "pagewright.tmpfiles"}
    assert links == units


@pytest.mark.parametrize("daemon", DAEMONS)
def test_a_changed_secret_restarts_who_reads_it(daemon: str) -> None:
    (run,) = (task for task in tasks(daemon) if "daemon_secrets" in task.get("vars", {}))
    assert set(run["vars"]["daemon_secrets"]) - {"trusted_keys"} == credentials(daemon)


def test_every_secret_that_a_unit_needs_is_made() -> None:
    shared = {name for name, secret in SECRETS.items() if secret.shared}
    made = {*shared, *role_file("secrets", "vars/main.yml")["secrets_addresses"], "worker_signing_key"}
    optional = {"model_key", "api_mail_url"}
    assert {name for daemon in DAEMONS for name in credentials(daemon)} - optional <= made


@pytest.mark.parametrize("daemon", DAEMONS)
def test_a_host_gets_the_secrets_of_its_daemons(daemon: str) -> None:
    """I7: and those of no other daemon, but for the passwords that addresses are made of."""
    (group,) = (group for group, roles in ROLES_OF_GROUPS.items() if daemon in roles)
    here = set(fleet_secrets({group: ["host"], "other": ["else"]}, "host")["here"])
    assert credentials(daemon) <= here
    assert here - credentials(daemon) <= {"redis_password", "database_password"}


def test_every_setting_exists() -> None:
    known = {f"PAGEWRIGHT_{name.upper()}" for settings in DAEMONS.values() for name in settings.model_fields}
    for file in (ANSIBLE / "roles").glob("*/*/*"):
        named = set(re.findall(r"PAGEWRIGHT_[A-Z_]+", file.read_text(encoding="utf-8")))
        assert named <= known, f"{file} sets {named - known}"


def test_the_web_role_fills_every_placeholder() -> None:
    templates = [
        ROOT / "nginx" / name for name in ("unknown_hosts.conf", "sites.conf", "app.conf", "frame.html", "frame.js")
    ]
    wanted = {name for file in templates for name in re.findall(r"\$\{([A-Z_]+)\}", file.read_text(encoding="utf-8"))}
    assert set(role_file("web", "vars/main.yml")["web_placeholders"]) == wanted


def test_a_host_gets_the_packages_that_a_developer_gets() -> None:
    packages = re.search(r"^packages=\(([^)]*)\)", (ROOT / "bin/setup").read_text(encoding="utf-8"), re.MULTILINE)
    assert packages
    on_hosts = {package for names in role_file("machine", "defaults/main.yml").values() for package in names}
    # A host's sandbox is systemd's.
    assert set(packages.group(1).split()) - {"systemd", "bubblewrap"} <= on_hosts


def test_the_bundle_has_the_browser_scripts_that_pages_use() -> None:
    bundle = (ROOT / "bin/bundle").read_text(encoding="utf-8")
    pages = Path(ROOT / "daemons/api/pages/assets.py").read_text(encoding="utf-8")
    for script in re.findall(r'": "(htmx[\w./-]+\.js)"', pages):
        assert script in bundle, f"bin/bundle leaves out {script}"
