"""Metrics, rules, alerts, dashboard and their documentation fit together; real Prometheus programs judge them."""

import ast
import json
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY

from cli.local.backup import back_up
from cli.local.folder import open_run_folder
from shared.runtime import metrics
from tests.product_files import FILES, parsed, texts_in
from tests.support.left_out import package_missing
from tests.support.local_system import LocalSystem
from tests.support.prometheus import DAEMONS, ROLE, Prometheus, configuration, filled_template, running_prometheus
from tests.support.waiting import wait_until
from tests.test_linters import ROOT, tracked_files

_PROMETHEUS = ROOT / "ansible" / "files" / "prometheus"
_RULES = _PROMETHEUS / "rules"
_DASHBOARD = ROOT / "ansible" / "files" / "grafana" / "pagewright.json"
_METRIC = re.compile(r"\bpagewright[_:][a-z0-9_:]+")
_SAMPLES = {"counter": ["_total"], "gauge": [""], "histogram": ["_bucket", "_sum", "_count"]}
_MOVES = ("inc", "set", "observe", "time", "set_to_current_time")
# What a healthy system with the practice model has nothing of; and the local system makes no backups and has no nights.
_TROUBLE = re.compile(
    r"http_errors|check_failures|sandbox_kills|model_refusals|model_answers|model_failures|backup_|verify_"
)

needs_prometheus = pytest.mark.skipif(
    not (shutil.which("promtool") and shutil.which("prometheus")), reason=package_missing("prometheus")
)


def rules(file: str) -> list[dict[str, str]]:
    groups = yaml.safe_load((_RULES / file).read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panel_expressions() -> list[str]:
    panels = json.loads(_DASHBOARD.read_text())["panels"]
    return [target["expr"] for panel in panels for target in panel.get("targets", ())]


def sample_names() -> set[str]:
    """What a query can name: our metrics' samples, and what the rules record."""
    ours = [family for family in REGISTRY.collect() if family.name.startswith("pagewright_")]
    samples = {family.name + end for family in ours for end in _SAMPLES[family.type]}
    return samples | {rule["record"] for rule in rules("recording.yml")}


def test_every_metric_is_moved_somewhere() -> None:
    """The product has a call for each that can change it; its daemons' own tests say when."""
    defined = {name for name in vars(metrics) if name.isupper()}
    assert defined - {name for file in FILES for name in moved_in(file)} == set()


def moved_in(file: Path) -> Iterator[str]:
    """The metrics that a file's code moves, as `metrics.NAME.labels(…).inc()` or, in their home, `NAME.set(…)`."""
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _MOVES:
            moved = node.func.value
            if isinstance(moved, ast.Call) and isinstance(moved.func, ast.Attribute) and moved.func.attr == "labels":
                moved = moved.func.value
            if isinstance(moved, ast.Attribute) and isinstance(moved.value, ast.Name) and moved.value.id == "metrics":
                yield moved.attr
            elif isinstance(moved, ast.Name) and file == Path("shared/runtime/metrics.py"):
                yield moved.id


def test_every_metric_is_asked_for_by_a_test() -> None:
    """By its name, in code: whether a real event moves it, each of these tests says for itself."""
    files = [file for file in tracked_files() if file.parts[0] == "tests" and file.name.startswith("test_")]
    texts = {text for file in files if file.name != "test_observability.py" for text in texts_in(file)}
    names = {name for text in texts for name in _METRIC.findall(text)}
    ours = [family for family in REGISTRY.collect() if family.name.startswith("pagewright_")]
    asked = {family.name for family in ours for end in _SAMPLES[family.type] if family.name + end in names}
    assert {family.name for family in ours} - asked == set()


def test_rules_and_dashboard_name_what_exists() -> None:
    expressions = [
        *panel_expressions(),
        *(rule["expr"] for file in ("recording.yml", "alerts.yml") for rule in rules(file)),
    ]
    assert {name for text in expressions for name in _METRIC.findall(text)} - sample_names() - {"pagewright-"} == set()


def test_every_metric_is_on_the_dashboard() -> None:
    """A number that nobody sees is not worth its memory."""
    shown = " ".join([*panel_expressions(), *(rule["expr"] for rule in rules("recording.yml"))])
    ours = {family.name for family in REGISTRY.collect() if family.name.startswith("pagewright_")}
    assert {name for name in ours if name not in shown} == set()


def test_every_alert_is_explained() -> None:
    page = (ROOT / "docs" / "operations-alerts.md").read_text()
    alerts = rules("alerts.yml")
    assert re.findall(r"^## (\w+)$", page, re.MULTILINE) == [rule["alert"] for rule in alerts]
    for rule in alerts:
        assert rule["annotations"]["runbook"] == f"docs/operations-alerts.md#{rule['alert'].lower()}"


def test_every_alert_is_tested_firing_and_not_firing() -> None:
    cases = {
        (check["alertname"], bool(check["exp_alerts"]))
        for file in ("alerts.yml", "days.yml")
        for test in yaml.safe_load((_RULES / "tests" / file).read_text())["tests"]
        for check in test["alert_rule_test"]
    }
    assert cases == {(rule["alert"], fires) for rule in rules("alerts.yml") for fires in (True, False)}


@needs_prometheus
@pytest.mark.parametrize(
    "command",
    ["check rules recording.yml alerts.yml", "test rules tests/alerts.yml", "test rules tests/days.yml"],
)
def test_promtool_accepts_the_rules(command: str) -> None:
    judge(["promtool", *command.split()], _RULES)


@pytest.fixture
def fleet_configuration() -> str:
    """Prometheus' configuration for many machines, one of which is storage and model in one."""
    groups = {
        "api": ["api1", "api2"],
        "storage": ["storage1"],
        "model": ["storage1"],
        "web": ["web1"],
        "workers": ["worker1", "worker2"],
    }
    hosts = sorted({host for members in groups.values() for host in members})
    addresses = {host: f"10.0.0.{number}" for number, host in enumerate(hosts, 1)}
    ports = {"api": 7410, "storage": 7411, "model": 7412, "deployer": 7413, "worker": 7420}
    return configuration(groups, addresses, ports, workers={"worker1": ["1", "night"]})


def test_every_daemon_of_the_inventory_is_watched(fleet_configuration: str) -> None:
    """Each by its address and port, with its host's name; a host's further workers have the ports after the first."""
    scraped = {
        job["job_name"].removeprefix("pagewright-"): {
            entry["labels"]["host"]: entry["targets"] for entry in job["static_configs"]
        }
        for job in yaml.safe_load(fleet_configuration)["scrape_configs"]
    }
    assert scraped == {
        "prometheus": {"monitoring1": ["127.0.0.1:9090"]},
        "alertmanager": {"monitoring1": ["127.0.0.1:9093"]},
        "api": {"api1": ["10.0.0.1:7410"], "api2": ["10.0.0.2:7410"]},
        "storage": {"storage1": ["10.0.0.3:7411"]},
        "model": {"storage1": ["10.0.0.3:7412"]},
        "deployer": {"web1": ["10.0.0.4:7413"]},
        "worker": {"worker1": ["10.0.0.5:7420", "10.0.0.5:7421"], "worker2": ["10.0.0.6:7420"]},
    }


@needs_prometheus
def test_promtool_accepts_the_configuration(fleet_configuration: str, tmp_path: Path) -> None:
    (tmp_path / "prometheus.yml").write_text(fleet_configuration)
    shutil.copytree(_RULES, tmp_path / "rules", ignore=shutil.ignore_patterns("tests"))
    judge(["promtool", "check", "config", "prometheus.yml"], tmp_path)


@pytest.mark.skipif(not shutil.which("amtool"), reason=package_missing("prometheus-alertmanager"))
@pytest.mark.parametrize(
    "receiver", [{}, {"webhook_configs": [{"url": "http://hooks.example.org/a?b=<1>&c='2'"}]}], ids=["none", "webhook"]
)
def test_amtool_accepts_where_alerts_go(receiver: dict[str, object], tmp_path: Path) -> None:
    text = filled_template(ROLE / "templates" / "alertmanager.yml.j2", monitoring_alert_receiver=receiver)
    assert yaml.safe_load(text)["receivers"] == [{"name": "operators", **receiver}]
    (tmp_path / "alertmanager.yml").write_text(text)
    judge(["amtool", "check-config", "alertmanager.yml"], tmp_path)


def judge(command: list[str], folder: Path) -> None:
    """Ask one of Prometheus' own programs; its complaints are the failure."""
    done = subprocess.run(
        command, cwd=folder, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def worked(local_system: LocalSystem) -> dict[str, str]:
    """The ids of an edit's job and of its site, in a system that has published a version, and has a backup."""
    site = "observed"
    local_system.new_site(site)
    job = local_system.edit(site, "Change the main heading to “Seen”.")
    assert job["state"] == "succeeded", job
    local_system.publish(site, job["version"])
    back_up(open_run_folder(local_system.folder.root), local_system.folder.root / "backups")
    return {"job": job["id"], "site": site}


@pytest.fixture(scope="module")
def prometheus(local_system: LocalSystem, worked: dict[str, str]) -> Iterator[Prometheus]:
    with running_prometheus(local_system) as running:
        wait_until(
            lambda: len(running.query('up{job=~"pagewright-.+"} == 1')) == sum(map(len, DAEMONS.values())),
            "every daemon is scraped",
        )
        wait_until(lambda: running.query("count_over_time(pagewright_build_info[1m]) > 3"), "it is scraped again")
        yield running


@needs_prometheus
@pytest.mark.xdist_group("practice-system")
def test_every_panel_but_those_of_trouble_shows_something(prometheus: Prometheus) -> None:
    """Real daemons feed every panel; those of trouble may be empty, but their queries are right."""
    for expression in panel_expressions():
        if _TROUBLE.search(expression):
            prometheus.query(expression)
        else:
            wait_until(lambda asked=expression: prometheus.query(asked), f"{expression} has a value", 20)


@needs_prometheus
@pytest.mark.xdist_group("practice-system")
def test_no_alert_fires_for_a_healthy_system(prometheus: Prometheus) -> None:
    assert prometheus.firing() == set()


@pytest.mark.xdist_group("practice-system")
def test_logs_tell_a_job_over_all_daemons(local_system: LocalSystem, worked: dict[str, str]) -> None:
    """Each daemon logged something with the job's field."""

    def silent() -> set[str]:
        logs = {
            daemon: "".join(
                file.read_text(errors="replace") for name in names for file in local_system.folder.logs.glob(f"{name}*")
            )
            for daemon, names in DAEMONS.items()
        }
        return {daemon for daemon, text in logs.items() if f"job={worked['job']}" not in text}

    wait_until(lambda: not silent(), "every daemon has logged the job")


@pytest.mark.xdist_group("practice-system")
def test_nobody_outside_names_a_request(local_system: LocalSystem) -> None:
    """nginx gives each request its name, and the answer tells it."""
    request = urllib.request.Request(f"{local_system.url}/api/v1/jobs/1", headers={"X-Request-ID": "chosen-outside"})
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(request, timeout=10)
    with answer.value:
        assert re.fullmatch(r"[0-9a-f]{32}", answer.value.headers["X-Request-ID"])
