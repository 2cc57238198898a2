"""The real Codex edits a file through doubles of servers that know no free text tools, as it does through OpenAI."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.codex_run import CodexRun, run_codex
from tests.support.model_process import ModelProcess
from tests.support.scripted_endpoint import ScriptedEndpoint, message, tool_call
from tests.support.strict_endpoints import SERVERS, openai, practice, serve, vllm

StartModel = Callable[..., ModelProcess]
PAGE = """<!DOCTYPE html>
<html lang="en">
<title>Tea</title>
<body>
<h1>Old “news”</h1>
<p>Tea 😀</p>
</body>
</html>
"""
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
SERVER = {"responses": openai, "functions": vllm}
WISH = 'Change the headline of the home page to "New “news” 😀"'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text(PAGE)
    return tmp_path


def edit(start_model: StartModel, endpoint: ScriptedEndpoint, site: Path, dialect: str) -> CodexRun:
    model = start_model(MODEL_BASE_URL=endpoint.base_url, MODEL_DIALECT=dialect)
    with model.on_tcp() as base_url:
        return run_codex(site, WISH, base_url, model.ticket())


@pytest.mark.parametrize("name", SERVERS)
def test_codex_edits_by_patch_through(
    start_model: StartModel, scripted_endpoint: ScriptedEndpoint, site: Path, name: str
) -> None:
    scripted_endpoint.decide(serve(SERVERS[name], practice))
    run = edit(start_model, scripted_endpoint, site, "functions")
    assert (site / "index.html").read_text() == PAGE.replace("Old “news”", "New “news” 😀"), run.events
    assert run.items("file_change")
    assert "practice model" in run.answer
    last = scripted_endpoint.received[-1].json["input"]
    assert last[0]["role"] == "system"
    assert {item["type"] for item in last} == {"message", "function_call", "function_call_output"}


@pytest.mark.parametrize("prefix", ["functions.", "functions/", "default_api.", "functions_"])
@pytest.mark.parametrize("dialect", ["responses", "functions"])
def test_prefixed_names_and_raw_patches_are_understood(
    start_model: StartModel, scripted_endpoint: ScriptedEndpoint, site: Path, dialect: str, prefix: str
) -> None:
    scripted_endpoint.decide(serve(SERVER[dialect], practice, prefix=prefix, raw_patch=True))
    run = edit(start_model, scripted_endpoint, site, dialect)
    assert (site / "index.html").read_text() == PAGE.replace("Old “news”", "New “news” 😀"), run.events
    assert run.items("file_change")


def test_a_picture_that_codex_looks_at_arrives(
    start_model: StartModel, scripted_endpoint: ScriptedEndpoint, site: Path
) -> None:
    """Servers take nothing but text from a tool."""
    (site / "dot.png").write_bytes(base64.b64decode(DOT))
    scripted_endpoint.script(tool_call("view_image", {"path": str(site / "dot.png")}), message("It is a dot."))
    run = edit(start_model, scripted_endpoint, site, "functions")
    assert (run.code, run.answer) == (0, "It is a dot.")
    body = scripted_endpoint.received[-1].json
    assert body["input"][-2]["output"] == "The picture is in the next message."
    assert body["input"][-1]["content"][1]["image_url"].startswith("data:image/png;base64,")
    for take in SERVERS.values():
        take(body)
