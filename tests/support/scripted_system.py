"""The whole local system with a model that a test scripts: `scripted` asks an endpoint on loopback.

It starts once for all tests of a process; tests use sites of their own.
"""

import asyncio
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from shared.clients.daemon import open_client
from shared.domain.errors import NotFound
from tests.support.local_system import LocalSystem, running_local_system
from tests.support.scripted_endpoint import Answer, ScriptedEndpoint, message, shell
from tests.support.waiting import wait_until

# The key of its model API.
KEY = "sk-secret-of-the-tests"


@pytest.fixture(scope="session")
def _system_endpoint() -> Iterator[ScriptedEndpoint]:
    endpoint = ScriptedEndpoint()
    yield endpoint
    endpoint.close()


@dataclass
class ScriptedSystem:
    """A system whose model says what the test tells it to."""

    system: LocalSystem
    endpoint: ScriptedEndpoint

    def edit(self, site: str, *answers: Answer) -> dict[str, Any]:
        """An edit in which the model gives these answers; earlier requests are forgotten."""
        self.endpoint.received.clear()
        self.endpoint.script(*answers)
        return self.system.edit(site, "Make it nicer.")

    def with_sites(self, *sites: str) -> "ScriptedSystem":
        """Itself, once these sites are there; an earlier test of the process may have made them."""
        for site in sites:
            try:
                self.system.client.get(f"/sites/{site}")
            except NotFound:
                self.system.new_site(site)
        return self

    def tool_outputs(self) -> str:
        """What the model has been told that its tools said."""
        inputs = [request.json["input"] for request in self.endpoint.received]
        items = [item for one in inputs if isinstance(one, list) for item in one]
        return "".join(str(item["output"]) for item in items if item["type"] == "function_call_output")

    def counted(self, name: str, *daemons: str, **labels: str) -> float:
        """The sum of a metric's samples with these labels over these daemons: both workers and the model as a rule."""
        pages = [asyncio.run(self._metrics(daemon)) for daemon in daemons or ("worker-1", "worker-2", "model")]
        samples = (s for text in pages for family in text_string_to_metric_families(text) for s in family.samples)
        return sum(s.value for s in samples if s.name == name and labels.items() <= s.labels.items())

    async def _metrics(self, daemon: str) -> str:
        async with open_client(self.system.folder.address(f"{daemon}-admin")) as client:
            return (await client.get("/metrics")).text

    def check_next_edit(self, site: str) -> None:
        """After whatever was done, an ordinary edit works."""
        page = secrets.token_hex(4)
        command = f"sed 's|<title>.*</title>|<title>{page}</title>|' index.html > {page}.html"
        job = self.edit(site, shell(command), message("Done."))
        assert (job["state"], job["error"], job["answer"]) == ("succeeded", None, "Done.")
        version = self.system.client.get(f"/sites/{site}/versions/{job['version']}")
        assert {check["status"] for check in version["checks"]} <= {"passed", "warning"}, version["checks"]
        wait_until(lambda: page in self.system.page(f"preview--{site}", f"/{page}.html"), "the preview shows the edit")


@pytest.fixture(scope="session")
def _scripted_system(_system_endpoint: ScriptedEndpoint) -> Iterator[LocalSystem]:
    settings = {
        "PAGEWRIGHT_MODEL_BASE_URL": _system_endpoint.base_url,
        "PAGEWRIGHT_MODEL_DIALECT": "responses",
        "OPENAI_API_KEY": KEY,
        "PAGEWRIGHT_MODEL_IDLE_SECONDS": "4",
        "PAGEWRIGHT_MODEL_JOB_REQUESTS": "30",
    }
    with running_local_system(settings) as system:
        yield system


@pytest.fixture
def scripted(_scripted_system: LocalSystem, _system_endpoint: ScriptedEndpoint) -> ScriptedSystem:
    """The scripted system, with what an earlier test scripted and received forgotten."""
    _system_endpoint.received.clear()
    _system_endpoint.questions.clear()
    _system_endpoint.answer_questions()
    return ScriptedSystem(_scripted_system, _system_endpoint)
