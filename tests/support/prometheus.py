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

from tests.support.local_system import LocalSystem, free_port, wait_for
from tests.support.model_process import relay_to

_FILES = Path(__file__).parents[2] / "ansible" / "files" / "prometheus"
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


def configuration(targets: dict[str, list[str]]) -> str:
    """The configuration as the roll-out writes it."""
    template = jinja2.Template((_FILES / "prometheus.yml.j2").read_text(), trim_blocks=True)
    return template.render(pagewright_scrape_targets=targets)


@contextmanager
def _relay(address: str) -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), relay_to(address.removeprefix("unix:"))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def running_prometheus(system: LocalSystem) -> Iterator[Prometheus]:
    """A Prometheus that watches the system until the block ends."""
    base = Path(tempfile.mkdtemp(prefix="pw"))
    listen = f"127.0.0.1:{free_port()}"
    with ExitStack() as stack:
        targets = {
            daemon: [stack.enter_context(_relay(system.folder.address(f"{name}-admin"))) for name in names]
            for daemon, names in DAEMONS.items()
        }
        text = configuration(targets).replace("interval: 15s", "interval: 1s").replace("timeout: 10s", "timeout: 1s")
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
            wait_for(prometheus.answers, "Prometheus answers")
            yield prometheus
        finally:
            process.kill()
            process.wait(30)
            shutil.rmtree(base, ignore_errors=True)
