"""A real Prometheus on loopback that scrapes the local system every second, with our configuration, rules and all.

The local system's metrics are on UNIX sockets, which Prometheus does not know: a relay gives each a port.
"""

import json
import shutil
import socketserver
import subprocess
import tempfile
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import jinja2
import yaml

from tests.support.local_system import LocalSystem, free_port
from tests.support.model_process import relay_to
from tests.support.waiting import wait_until

_ANSIBLE = Path(__file__).parents[2] / "ansible"
_FILES = _ANSIBLE / "files" / "prometheus"
ROLE = _ANSIBLE / "roles" / "monitoring"
_VARIABLES = yaml.safe_load((ROLE / "vars" / "main.yml").read_text())
DAEMONS = {
    "api": ["api"],
    "worker": ["worker-1", "worker-2"],
    "model": ["model"],
    "storage": ["storage"],
    "deployer": ["deployer"],
}


class Prometheus:
    """The process's HTTP API."""

    def __init__(self, url: str) -> None:
        self._url = url

    def query(self, expression: str) -> list[dict[str, Any]]:
        """The instant vector of an expression; raises HTTPError if there is a mistake in it."""
        found: list[dict[str, Any]] = self._get("query", query=expression)["result"]
        return found

    def firing(self) -> set[str]:
        """The names of the alerts that fire now."""
        return {alert["labels"]["alertname"] for alert in self._get("alerts")["alerts"] if alert["state"] == "firing"}

    def _get(self, path: str, **parameters: str) -> Any:  # noqa: ANN401
        query = urllib.parse.urlencode(parameters)
        with urllib.request.urlopen(f"{self._url}/api/v1/{path}?{query}", timeout=10) as answer:
            return json.load(answer)["data"]

    def answers(self) -> bool:
        try:
            return bool(self._get("query", query="1"))
        except OSError:
            return False


def configuration(
    groups: dict[str, list[str]],
    addresses: dict[str, str],
    ports: dict[str, int],
    workers: dict[str, list[str]] | None = None,
) -> str:
    """The configuration as the roll-out writes it, for hosts by group and their addresses."""
    return filled_template(
        _FILES / "prometheus.yml.j2",
        inventory_hostname="monitoring1",
        groups=groups,
        hostvars={host: {"worker_instances": (workers or {}).get(host, ["1"])} for host in addresses},
        fleet_addresses=addresses,
        fleet_here={"admin_ports": ports},
    )


def filled_template(file: Path, **values: object) -> str:
    """A template of the role, with the role's own variables and further ones."""
    return jinja2.Template(file.read_text(), trim_blocks=True).render(**_VARIABLES, **values)


@contextmanager
def _relay(address: str, to: str) -> Iterator[None]:
    host, _, port = address.rpartition(":")
    with socketserver.ThreadingTCPServer((host, int(port)), relay_to(to.removeprefix("unix:"))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def running_prometheus(system: LocalSystem) -> Iterator[Prometheus]:
    """A Prometheus that watches the system until the block ends."""
    base = Path(tempfile.mkdtemp(prefix="pw"))
    listen = f"127.0.0.1:{free_port()}"
    # Each process is a host of its own.
    names = [name for names in DAEMONS.values() for name in names]
    addresses = {name: f"127.0.0.{number}" for number, name in enumerate(names, 1)}
    ports = {daemon: free_port() for daemon in DAEMONS}
    groups = {_VARIABLES["monitoring_groups"][daemon]: names for daemon, names in DAEMONS.items()}
    with ExitStack() as stack:
        for daemon, names in DAEMONS.items():
            for name in names:
                place = f"{addresses[name]}:{ports[daemon]}"
                stack.enter_context(_relay(place, system.folder.address(f"{name}-admin")))
        text = (
            configuration(groups, addresses, ports)
            .replace("interval: 15s", "interval: 1s")
            .replace("timeout: 10s", "timeout: 1s")
        )
        (base / "prometheus.yml").write_text(text)
        shutil.copytree(_FILES / "rules", base / "rules", ignore=shutil.ignore_patterns("tests"))
        command = [
            "prometheus",
            f"--config.file={base}/prometheus.yml",
            f"--storage.tsdb.path={base}/data",
            f"--web.listen-address={listen}",
        ]
        with (base / "log").open("wb") as log:
            process = subprocess.Popen(command, env={"PATH": "/usr/bin:/bin"}, stdout=log, stderr=log)
        try:
            prometheus = Prometheus(f"http://{listen}")
            wait_until(prometheus.answers, "Prometheus answers")
            yield prometheus
        finally:
            process.kill()
            process.wait(30)
            shutil.rmtree(base, ignore_errors=True)
