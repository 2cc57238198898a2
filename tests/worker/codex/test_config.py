"""Codex's configuration: valid TOML with our words, whatever people said before."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from daemons.worker.codex.config import render_config
from shared.domain.vocabulary import ChatMessage


def test_the_agent_is_told_whose_words_count() -> None:
    config = tomllib.loads(
        render_config([ChatMessage(role="user", text="Hello"), ChatMessage(role="agent", text="Done.")])
    )
    assert "You edit a static website" in config["developer_instructions"]
    assert config["developer_instructions"].endswith("- Owner: Hello\n- You: Done.\n")
    assert config["project_doc_max_bytes"] == 0
    assert config["otel"]["metrics_exporter"] == "none"


@given(st.text(max_size=2000))
def test_no_text_breaks_out_of_its_string(text: str) -> None:
    config = tomllib.loads(render_config([ChatMessage(role="user", text=text)]))
    assert config["sandbox_mode"] == "danger-full-access"
    assert set(config) == set(tomllib.loads(render_config([])))


def test_the_context_is_codexs_own_unless_it_is_told() -> None:
    assert "model_context_window" not in tomllib.loads(render_config([]))
    config = tomllib.loads(render_config([], 64_000))
    assert config["model_context_window"] == 64_000
    assert config["model_auto_compact_token_limit"] == 51_200
