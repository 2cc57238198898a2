"""A request is built anew from what is allowed; the rest is dropped or refused with a sentence."""

import json

import pytest

from daemons.model.request_body import cache_key, read_request
from shared.domain.errors import InvalidInput

_SAID = {"type": "message", "role": "user", "content": "hello"}


def built(**fields: object) -> dict[str, object]:
    return read_request(json.dumps({"input": [_SAID]} | fields).encode()).build("model-1")


def test_model_storage_and_streaming_are_ours() -> None:
    asked = built(model="other", store=True, stream=False, metadata={"a": "b"}, user="ana", service_tier="flex")
    assert asked == {"input": [_SAID], "model": "model-1", "store": False, "stream": True}


def test_a_message_may_come_without_its_type() -> None:
    assert built(input=[{"role": "user", "content": "hello"}])["input"] == [_SAID]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"tools": [{"type": "web_search"}]}, "of type 'web_search', which is not passed on"),
        ({"previous_response_id": "resp_1"}, "refers to something outside"),
        (
            {"input": [{**_SAID, "content": [{"type": "input_image", "image_url": "http://a/"}]}]},
            r"has input\.0\.message\.content\.0\.input_image\.image_url, which refers to something outside",
        ),
        (
            {"input": [{**_SAID, "content": [{"type": "input_image", "file_id": "file-1"}]}]},
            r"input\.0\.message\.content\.0\.input_image\.image_url, which refers to something outside",
        ),
        (
            {"input": [{**_SAID, "content": [{"type": "input_file", "file_id": "1"}]}]},
            r"has input\.0\.message\.content\.0 of type 'input_file', which is not passed on",
        ),
        ({"input": [{"type": "item_reference", "id": "x"}]}, r"has input\.0 of type 'item_reference'"),
        ({"input": 7}, "wrong or missing input"),
        ({"tool_choice": "web"}, "wrong or missing tool_choice"),
        ({"tool_choice": {"type": "web_search", "name": "a"}}, r"wrong or missing tool_choice\.type"),
        ({"max_output_tokens": 0}, "wrong or missing max_output_tokens"),
    ],
)
def test_what_reaches_beyond_the_conversation_is_refused(fields: dict[str, object], told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        built(**fields)


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(InvalidInput, match="not JSON"):
        read_request(b"{")


def test_a_cache_key_tells_jobs_apart_and_names_none() -> None:
    assert cache_key("a") == cache_key("a") != cache_key("b")
    assert "0123456789" not in cache_key("0123456789")["prompt_cache_key"]
