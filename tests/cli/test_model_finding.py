"""What `pagewright doctor` tells of a model: seen now, through the model daemon."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cli.model_finding import try_model
from shared.domain.errors import PageWrightError, Unavailable
from tests.support.model_process import ModelProcess
from tests.support.scripted_endpoint import ScriptedEndpoint
from tests.support.strict_endpoints import capable, llama_cpp, serve, talkative, without_patches

StartModel = Callable[..., ModelProcess]


@pytest.fixture
def key(tmp_path: Path) -> Path:
    (tmp_path / "key").write_text("ticket-key-for-tests\n")
    return tmp_path / "key"


def test_each_verdict(start_model: StartModel, scripted_endpoint: ScriptedEndpoint, key: Path) -> None:
    model = start_model(MODEL_BASE_URL=scripted_endpoint.base_url, MODEL_DIALECT="functions", MODEL_NAME="qwen")
    scripted_endpoint.decide(serve(llama_cpp, capable))
    assert try_model(model.address, key).startswith("qwen works: it changed a line with a patch; ")
    assert try_model(model.address, key).endswith(" (720 tokens)")
    scripted_endpoint.decide(serve(llama_cpp, without_patches))
    assert try_model(model.address, key).startswith("qwen edits by shell only: ")
    scripted_endpoint.decide(serve(llama_cpp, talkative))
    with pytest.raises(Unavailable, match="qwen is not usable, because it did not call apply_patch; ") as refused:
        try_model(model.address, key)
    assert refused.value.hint


def test_the_practice_model_is_told_as_what_it_is(model_process: ModelProcess, key: Path) -> None:
    assert try_model(model_process.address, key).startswith("the practice model: ")
    key.write_text("another key")
    assert try_model(model_process.address, key).startswith("the practice model: ")


def test_what_keeps_it_from_being_tried_is_told(
    start_model: StartModel, scripted_endpoint: ScriptedEndpoint, key: Path
) -> None:
    model = start_model(MODEL_BASE_URL=scripted_endpoint.base_url)
    key.write_text("another key")
    with pytest.raises(PageWrightError, match="ticket is not genuine"):
        try_model(model.address, key)
    model.stop()
    with pytest.raises(Unavailable, match="does not answer"):
        try_model(model.address, key)
