"""`make demo` goes through servers that know function tools alone, as it does through the practice model."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.local.demo import demo
from cli.local.programs import Ports
from tests.support.local_system import LocalSystem, running_local_system
from tests.support.scripted_endpoint import ScriptedEndpoint
from tests.support.strict_endpoints import SERVERS, capable, serve

pytestmark = pytest.mark.xdist_group("dialect-system")

_ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[ScriptedEndpoint]:
    endpoint = ScriptedEndpoint()
    yield endpoint
    endpoint.close()


@pytest.fixture(scope="module")
def system(endpoint: ScriptedEndpoint) -> Iterator[LocalSystem]:
    """As `PAGEWRIGHT_MODEL_BASE_URL=… make run` starts it: without a key, and nothing said about the dialect."""
    settings = {
        "PAGEWRIGHT_MODEL_BASE_URL": endpoint.base_url,
        "PAGEWRIGHT_MODEL_NAME": "qwen3",
        "PAGEWRIGHT_MODEL_CONTEXT_TOKENS": "64000",
    }
    with running_local_system(settings) as system:
        yield system


@pytest.mark.parametrize("name", ["no additions", "llama.cpp", "Ollama"])
def test_the_demo(
    system: LocalSystem, endpoint: ScriptedEndpoint, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint.decide(serve(SERVERS[name], capable, prefix="functions."))
    demo(system.folder, Ports(system.ui_port, system.sites_port))
    assert "done; everything was as it must be" in capsys.readouterr().out
    latest = system.client.get("/sites/demo/versions")["items"][0]
    assert [file["path"] for file in latest["files"]["modified"]] == ["index.html"]
    assert latest["model"] == "qwen3"
    calls = [item["name"] for item in endpoint.received[-1].json["input"] if item["type"] == "function_call"]
    assert calls == ["exec_command", "apply_patch"]


def test_doctor_and_status_tell_what_was_seen(system: LocalSystem, endpoint: ScriptedEndpoint) -> None:
    endpoint.decide(serve(SERVERS["llama.cpp"], capable))
    environment = {"PATH": os.defpath, "HOME": "/nonexistent", "PAGEWRIGHT_RUN_DIRECTORY": str(system.folder.root)}
    command = [sys.executable, "-m", "cli", "doctor", "--json"]
    done = subprocess.run(command, env=environment, cwd=_ROOT, capture_output=True, timeout=120, check=False)
    found = {finding["name"]: finding for finding in json.loads(done.stdout)}
    assert found["model API"]["ok"]
    assert found["model API"]["detail"].startswith("qwen3 works: ")
    told = system.client.get("/status")["model"]
    assert (told["dialect"], told["context_tokens"], told["probe"]["verdict"]) == ("functions", 64_000, "works")
