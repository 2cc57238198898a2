"""The official client library understands the practice model's stream: the events are right beyond Codex."""

from openai import OpenAI

from tests.support.model_process import ModelProcess


def test_a_stream_is_accumulated_and_validated(shared_model_process: ModelProcess) -> None:
    with (
        shared_model_process.on_tcp() as base_url,
        OpenAI(base_url=base_url, api_key=shared_model_process.ticket(), max_retries=0) as client,
        client.responses.stream(model="any", input="help") as stream,
    ):
        events = [event.type for event in stream]
        response = stream.get_final_response()
    assert events[0] == "response.created"
    assert events[-1] == "response.completed"
    assert "practice model" in response.output_text
    assert response.usage
    assert response.usage.total_tokens > 0
