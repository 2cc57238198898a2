"""The real `pagewright` program, run as a person would run it, against a real local system."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.local_system import LocalSystem

PROGRAM = Path(sys.executable).with_name("pagewright")


@dataclass
class CommandLine:
    """`pagewright` with an environment; `home` holds its configuration, if any."""

    environment: dict[str, str]
    directory: Path

    def run(self, *words: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """One command line, whatever it answers."""
        return subprocess.run(
            [PROGRAM, *words],
            env=self.environment, cwd=self.directory, capture_output=True, text=True, check=False, timeout=timeout,
        )  # fmt: skip

    def text(self, *words: str) -> str:
        """What a command that works tells a person."""
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def json(self, *words: str) -> Any:  # noqa: ANN401
        """What it tells a program."""
        return json.loads(self.text(*words, "--json"))

    def start(self, *words: str) -> subprocess.Popen[str]:
        """A command to be interrupted."""
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [PROGRAM, *words], env=self.environment, cwd=self.directory, stdout=pipe, stderr=pipe, text=True
        )


@pytest.fixture
def bare(tmp_path: Path) -> CommandLine:
    """Without any configuration, and without the local run of whoever tests."""
    environment = {"PATH": os.defpath, "HOME": os.fspath(tmp_path), "LANG": "C.UTF-8"}
    return CommandLine(environment | {"PAGEWRIGHT_RUN_DIRECTORY": os.fspath(tmp_path / "run")}, tmp_path)


@pytest.fixture
def command_line(bare: CommandLine, local_system: LocalSystem) -> CommandLine:
    """Configured by the environment, as `. .run/env` does it."""
    token = local_system.client.post("/tokens", {"name": "test"})["token"]
    bare.environment |= {"PAGEWRIGHT_URL": local_system.url, "PAGEWRIGHT_TOKEN": token}
    return bare


@pytest.fixture(scope="session")
def shared_site(local_system: LocalSystem) -> str:
    """A site for tests that don't mind what others did to it."""
    local_system.new_site("cli-shared")
    return "cli-shared"
