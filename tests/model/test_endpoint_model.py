"""An endpoint's dialect goes out, and what Codex understands comes back."""

import json
from pathlib import Path

from tests.model.test_dialect_choice import ASK, OPENAI, StartModel, dialect, start, trials
from tests.support.scripted_endpoint import ScriptedEndpoint, message
from tests.support.strict_endpoints import capable, serve, vllm


def test_an_endpoint_that_begins_to_refuse_is_tried_again(
    start_model: StartModel, scripted_endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    """As when another server is started behind the same address."""
    scripted_endpoint.decide(OPENAI)
    model = start(start_model, scripted_endpoint, MODEL_DIRECTORY=str(tmp_path))
    assert model.ask(ASK).status == 200
    scripted_endpoint.decide(serve(vllm, capable))
    tools = {"tools": [{"type": "custom", "name": "apply_patch"}]}
    assert model.ask(ASK | tools).status == 502
    assert dialect(model) == "responses", "one refusal right after the trial means nothing"
    model.stop()
    found = tmp_path / "endpoint.json"
    found.write_text(json.dumps(json.loads(found.read_text()) | {"at": "2026-01-01T00:00:00Z"}))
    model = start(start_model, scripted_endpoint, MODEL_DIRECTORY=str(tmp_path))
    scripted_endpoint.received.clear()
    assert model.ask(ASK | tools).status == 502
    assert len(scripted_endpoint.received) == 1, "no request is sent twice"
    assert model.ask(ASK | tools).status == 200
    assert dialect(model) == "functions"


def test_a_setting_is_taken_at_its_word(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> None:
    scripted_endpoint.script(message("Hello."))
    for chosen in ("responses", "functions"):
        model = start(start_model, scripted_endpoint, MODEL_DIALECT=chosen)
        assert dialect(model) == chosen
        assert model.ask(ASK).status == 200
    assert trials(scripted_endpoint) == 0
