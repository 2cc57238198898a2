"""The roll-out's files agree with one another and with what they roll out; no machine is needed for that."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.settings import ApiSettings, DeployerSettings, ModelSettings, StorageSettings, WorkerSettings
from tests.test_linters import ROOT

ANSIBLE = ROOT / "ansible"
ROLES = sorted(path.name for path in (ANSIBLE / "roles").iterdir())
PLAYS = yaml.safe_load((ANSIBLE / "site.yml").read_text(encoding="utf-8"))
DAEMONS = {
    "storage": StorageSettings,
    "model": ModelSettings,
    "worker": WorkerSettings,
    "deployer": DeployerSettings,
    "api": ApiSettings,
}
# What a task may say beside its one module.
KEYWORDS = {
    "name", "when", "loop", "loop_control", "register", "notify", "vars", "no_log", "changed_when", "failed_when",
    "check_mode", "until", "retries", "delay", "environment", "listen", "diff",
}  # fmt: skip


def role_file(role: str, path: str) -> dict[str, Any]:
    """A YAML file of a role; empty if there is none."""
    file = ANSIBLE / "roles" / role / path
    return yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else {}


def tasks(role: str) -> Iterator[dict[str, Any]]:
    for folder in ("tasks", "handlers"):
        for file in sorted((ANSIBLE / "roles" / role / folder).glob("*.yml")):
            yield from yaml.safe_load(file.read_text(encoding="utf-8"))


def credentials(daemon: str) -> set[str]:
    """The secrets that a daemon's unit loads, by their names without the prefix."""
    (unit,) = (ROOT / "systemd").glob(f"pagewright-{daemon}*.service")
    return set(re.findall(r"^LoadCredential=pagewright_(\w+):", unit.read_text(encoding="utf-8"), re.MULTILINE))


def test_a_play_stops_at_the_first_fault() -> None:
    for play in PLAYS:
        assert play["any_errors_fatal"] is True, play["name"]
        assert play["become"] is True, play["name"]


def test_every_role_is_used() -> None:
    assert sorted(role for play in PLAYS for role in play["roles"]) == [role for role in ROLES if role != "daemon"]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_says_what_can_be_set(role: str) -> None:
    options = role_file(role, "meta/argument_specs.yml")["argument_specs"]["main"].get("options", {})
    required = {name for name, option in options.items() if option.get("required")}
    assert set(options) - required == set(role_file(role, "defaults/main.yml"))
    assert all(option["type"] and option["description"] for option in options.values())


@pytest.mark.parametrize("role", ROLES)
def test_a_role_uses_builtin_modules_alone(role: str) -> None:
    for task in tasks(role):
        (module,) = set(task) - KEYWORDS
        assert module.startswith("ansible.builtin."), f"{role}: {task['name']}"
        assert module not in ("ansible.builtin.shell", "ansible.builtin.raw"), f"{role}: {task['name']}"


def test_secrets_are_not_told() -> None:
    for task in tasks("secrets"):
        if "content" in task.get("ansible.builtin.copy", {}) or "ansible.builtin.slurp" in task:
            assert task["no_log"] is True, task["name"]


def test_every_unit_file_is_installed() -> None:
    text = "\n".join(file.read_text(encoding="utf-8") for file in (ANSIBLE / "roles").glob("*/*/*.yml"))
    daemons = {f"pagewright-{daemon}.service" for daemon in ("storage", "model", "deployer", "api")}
    for file in (ROOT / "systemd").iterdir():
        assert file.name in daemons or file.name in text, f"{file.name} is installed by no role"


@pytest.mark.parametrize("daemon", DAEMONS)
def test_a_changed_secret_restarts_who_reads_it(daemon: str) -> None:
    (run,) = (task for task in tasks(daemon) if "ansible.builtin.include_role" in task)
    assert set(run["vars"]["daemon_secrets"]) - {"trusted_keys"} == credentials(daemon)


def test_every_secret_that_a_unit_needs_is_made() -> None:
    variables = role_file("secrets", "vars/main.yml")
    made = {*variables["secrets_made"], *variables["secrets_addresses"], "worker_signing_key"}
    optional = {"model_key"}
    assert {name for daemon in DAEMONS for name in credentials(daemon)} - optional <= made


def test_every_setting_exists() -> None:
    known = {f"PAGEWRIGHT_{name.upper()}" for settings in DAEMONS.values() for name in settings.model_fields}
    for file in (ANSIBLE / "roles").glob("*/*/*"):
        named = set(re.findall(r"PAGEWRIGHT_[A-Z_]+", file.read_text(encoding="utf-8")))
        assert named <= known, f"{file} sets {named - known}"


def test_the_web_role_fills_every_placeholder() -> None:
    templates = [ROOT / "nginx" / name for name in ("unknown_hosts.conf", "sites.conf", "app.conf")]
    wanted = {name for file in templates for name in re.findall(r"\$\{([A-Z_]+)\}", file.read_text(encoding="utf-8"))}
    assert set(role_file("web", "vars/main.yml")["web_placeholders"]) == wanted


def test_a_host_gets_the_packages_that_a_developer_gets() -> None:
    packages = re.search(r"^packages=\(([^)]*)\)", (ROOT / "bin/setup").read_text(encoding="utf-8"), re.MULTILINE)
    assert packages
    assert set(packages.group(1).split()) - {"systemd"} <= set(
        role_file("machine", "defaults/main.yml")["machine_packages"]
    )


def test_the_bundle_has_the_browser_scripts_that_pages_use() -> None:
    bundle = (ROOT / "bin/bundle").read_text(encoding="utf-8")
    pages = Path(ROOT / "daemons/api/pages/assets.py").read_text(encoding="utf-8")
    for script in re.findall(r'": "(htmx[\w./-]+\.js)"', pages):
        assert script in bundle, f"bin/bundle leaves out {script}"
