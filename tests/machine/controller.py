"""The operator's machine: a checkout of the project, from which runbooks are performed on an installation.

It is this checkout, with everything that was set up in it, below an overlay that is mounted in its own place for the
time of a step. So what a runbook writes, builds or pulls stays apart.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.machine.rollout import ADMIN_EMAIL, APP_HOST, SITES_DOMAIN, Installation
from tests.machine.runbooks import Step, fill_in, read_runbooks
from tests.test_linters import ROOT

OPERATIONS = ROOT / "docs/operations.md"
_STEP_SECONDS = 1800
# `git pull` finds an origin, which has nothing new.
_ORIGIN = """
git clone --quiet --bare . {origin}
git checkout --quiet -B operator
git remote add operator {origin}
git push --quiet --set-upstream operator operator
"""


class Controller:
    """It performs the whole runbooks of a page on an installation."""

    def __init__(self, installation: Installation, page: str | None = None) -> None:
        assert (ROOT / ".git").is_dir(), "this checkout has its history elsewhere, where an overlay does not protect it"
        self.installation = installation
        self._books = read_runbooks(page or OPERATIONS.read_text(encoding="utf-8"))
        self._directory = installation.directory / "controller"
        for name in ("upper", "work"):
            (self._directory / name).mkdir(parents=True)
        # Git trusts only its own user's folders, unless somebody says otherwise.
        (installation.directory / ".gitconfig").write_text("[safe]\n\tdirectory = *\n")
        _succeeded("origin", [self._here(_ORIGIN.format(origin=self._directory / "origin.git"))])

    def perform(
        self,
        heading: str,
        examples: Mapping[str, str] | None = None,
        after: Callable[[int], object] = lambda done: None,
    ) -> list[str]:
        """What each step of a runbook printed; `after` gets the number of steps done, for what a person does then."""
        said = []
        for step in self._books[heading]:
            commands = "set -eu\n" + fill_in(step.commands, self._examples() | dict(examples or {}))
            said.append(_succeeded(f"{heading}:\n{commands}", self._runs(step, commands)))
            after(len(said))
        return said

    def take(self, name: str, target: Path) -> Path:
        """What runbooks have written into a folder of the checkout, copied into `target`."""
        return Path(shutil.copytree(self._directory / "upper" / name, target / name))

    def _runs(self, step: Step, commands: str) -> list[subprocess.CompletedProcess[str]]:
        if step.group is None:
            return [self._here(commands)]
        hosts = self.installation.group(step.group)
        return [host.run(commands, _STEP_SECONDS) for host in (hosts if step.everywhere else hosts[:1])]

    def _here(self, commands: str) -> subprocess.CompletedProcess[str]:
        options = f"lowerdir={ROOT},upperdir={self._directory}/upper,workdir={self._directory}/work"
        mount = f"mount -t overlay checkout -o {options} {ROOT}\ncd {ROOT}\n"
        environment = {**os.environ, **self.installation.environment()}
        del environment["ANSIBLE_CONFIG"]  # the runbook must find it
        done = subprocess.run(
            ["/usr/bin/unshare", "--mount", "/bin/sh", "-ec", mount + commands], env=environment, check=False,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_STEP_SECONDS,
        )  # fmt: skip
        # A connection that is kept would keep the overlay.
        for machine in self.installation.machines.values():
            machine.hang_up()
        return done

    def _examples(self) -> dict[str, str]:
        inventory = str(self.installation.inventory)
        return {
            "ansible/inventories/mine": inventory,
            "inventories/mine": inventory,
            "app.example.org": APP_HOST,
            "sites.example.org": SITES_DOMAIN,
            "admin@example.org": ADMIN_EMAIL,
        }


def _succeeded(what: str, runs: Sequence[subprocess.CompletedProcess[str]]) -> str:
    for done in runs:
        assert done.returncode == 0, f"{what}\n{done.stdout[-4000:]}{done.stderr[-2000:]}"
    return "".join(done.stdout for done in runs)
