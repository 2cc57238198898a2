"""What the monitoring host says of the others, asked with the programs that operators have there."""

import json
import shlex
from typing import Any

from tests.machine.booted_machine import Machine


def answering(monitoring: Machine) -> dict[tuple[str, str], list[bool]]:
    """For each kind of daemon and each host whether Prometheus gets an answer, a value for each of them there."""
    found: dict[tuple[str, str], list[bool]] = {}
    for sample in _query(monitoring, 'up{host!=""}'):
        place = (sample["metric"]["job"].removeprefix("pagewright-"), sample["metric"]["host"])
        found.setdefault(place, []).append(sample["value"][1] == "1")
    return found


def firing(monitoring: Machine) -> set[tuple[str, str]]:
    """The alerts that fire, each with the host that it is about; those about no host have an empty one."""
    samples = _query(monitoring, 'ALERTS{alertstate="firing"}')
    return {(sample["metric"]["alertname"], sample["metric"].get("host", "")) for sample in samples}


def behind(monitoring: Machine) -> set[str]:
    """The web hosts that do not show what storage wants."""
    return {sample["metric"]["host"] for sample in _query(monitoring, "pagewright_sites_behind_seconds > 0")}


def value(monitoring: Machine, expression: str) -> float:
    """The value of an expression that gives just one; 0 if it gives none."""
    return sum(float(sample["value"][1]) for sample in _query(monitoring, expression))


def loaded_rules(monitoring: Machine) -> dict[str, int]:
    """How many rules Prometheus has in each group."""
    samples = _query(monitoring, "prometheus_rule_group_rules")
    return {sample["metric"]["rule_group"].partition(";")[2]: int(sample["value"][1]) for sample in samples}


def told(monitoring: Machine) -> set[tuple[str, str]]:
    """The alerts that Alertmanager has heard of, as `firing` does."""
    text = monitoring.output("amtool --alertmanager.url=http://localhost:9093 alert query --output=json")
    return {(alert["labels"]["alertname"], alert["labels"].get("host", "")) for alert in json.loads(text)}


def _query(monitoring: Machine, expression: str) -> list[dict[str, Any]]:
    """The instant vector of an expression."""
    command = f"promtool query instant --format=json http://localhost:9090 {shlex.quote(expression)}"
    samples: list[dict[str, Any]] = json.loads(monitoring.output(command))
    return samples
