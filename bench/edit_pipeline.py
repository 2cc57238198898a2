"""Where the time of one edit goes, against the floor of the two programs that it can't do without.

Run it on a quiet machine: `.venv/bin/python -m bench.edit_pipeline [EDITS]`. It starts a local system of its own, makes
edits with the practice model (whose answers take milliseconds, so this is the time without a model), and prints the
median of each phase. The floor is measured in the same run: the same edit by Codex alone, outside of any sandbox, and
the same pages looked at by the browser alone.
"""

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from daemons.worker.checks.browser_run import BrowserTask
from shared.domain.site_templates import instantiate
from tests.support.codex_run import run_codex
from tests.support.local_system import LocalSystem, running_local_system
from tests.support.scripted_endpoint import ScriptedEndpoint, message, shell

_PHASE = re.compile(r"(\w+) ([\d.]+) s")
_CHROMIUM = "/usr/bin/chromium-headless-shell"


def edit_times(system: LocalSystem, edits: int, site: str = "bench") -> tuple[list[float], dict[str, list[float]]]:
    """Seconds from the message to the live preview, and by phase as the worker logs them."""
    totals = []
    for number in range(edits):
        started = time.perf_counter()
        job = system.edit(site, f'Change the headline to "Measured {number}"')
        assert f"Measured {number}" in system.page(f"preview--{site}"), job
        totals.append(time.perf_counter() - started)
    phases: dict[str, list[float]] = {}
    for line in [line for line in system.logs().splitlines() if "job succeeded" in line and "editing" in line][1:]:
        for name, seconds in _PHASE.findall(line.partition("after")[2]):
            phases.setdefault(name, []).append(float(seconds))
    return totals, phases


def codex_floor(edits: int) -> float:
    """Median seconds of Codex alone with an endpoint that answers at once: one command, one message."""
    endpoint = ScriptedEndpoint()
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "index.html").write_text("<h1>One</h1>")
        for _ in range(edits):
            endpoint.script(shell("sed -i s/One/Two/ index.html"), message("Done."))
            seconds.append(run_codex(Path(folder), "Change it", endpoint.base_url).seconds)
    endpoint.close()
    return statistics.median(seconds)


def browser_floor(edits: int) -> float:
    """Median seconds of the checks' program alone, warm, for one new picture of each width."""
    seconds = []
    for _ in range(edits):
        with tempfile.TemporaryDirectory() as folder:
            for path, data in instantiate("small-business", "Bench").items():
                target = Path(folder, "public", path)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
            pages = ("index.html", "404.html", "about.html", "contact.html")
            task = BrowserTask(
                pages, len(pages), pages[:1], pages[:1], tabs=2, seconds=60, rest_seconds=60, end_seconds=90
            )
            Path(folder, "task.json").write_text(json.dumps(asdict(task)))
            seconds.append(_warm_run(folder))
    return statistics.median(seconds)


def _warm_run(folder: str) -> float:
    root = Path(__file__).parents[1]
    command = [sys.executable, "-m", "daemons.worker.checks.program", _CHROMIUM]
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env={"PYTHONPATH": str(root)}
    ) as program:
        time.sleep(2.5)
        started = time.perf_counter()
        program.communicate()
        return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    edits = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with running_local_system() as system:
        system.new_site("bench")
        edit_times(system, 1)
        totals, phases = edit_times(system, edits)
    total = statistics.median(totals)
    print(f"message to live, checked preview   {total:6.2f} s  (median of {edits}, worst {max(totals):.2f} s)")
    for name, seconds in phases.items():
        print(f"  {name:32} {statistics.median(seconds[-edits:]):6.2f} s")
    codex, browser = codex_floor(edits), browser_floor(edits)
    print(f"floor: Codex alone                 {codex:6.2f} s\nfloor: the browser alone           {browser:6.2f} s")
    print(f"ratio to the floor                 {total / (codex + browser):6.2f}")


if __name__ == "__main__":
    main()
