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


def value(monitoring: Machine, expression: str) -> float:
    """The value of an expression that gives just one; 0 if it gives none."""
    return sum(float(sample["value"][1]) for sample in _query(monitoring, expression))


def _query(monitoring: Machine, expression: str) -> list[dict[str, Any]]:
    """The instant vector of an expression."""
    command = f"promtool query instant --format=json http://localhost:9090 {shlex.quote(expression)}"
    samples: list[dict[str, Any]] = json.loads(monitoring.output(command))
    return samples
