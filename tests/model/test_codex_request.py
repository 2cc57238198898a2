"""Requests of the daemon's own read as Codex's do."""

from daemons.model.codex_request import codex_request
from daemons.model.probe.tasks import request, rules
from daemons.model.request_body import read_request
from daemons.model.request_parts import MessageItem


def test_it_is_a_request_that_the_gateway_would_take() -> None:
    asked = request([*rules(), MessageItem(role="user", content="Hello.")])
    assert read_request(asked.model_dump_json(exclude_none=True).encode()) == asked
    assert [tool.type for tool in asked.tools or ()] == ["function", "custom", "function"]
    assert asked.include == ["reasoning.encrypted_content"]


def test_the_conversation_is_kept_as_it_was() -> None:
    conversation = [MessageItem(role="user", content="Hello.")]
    asked = codex_request(conversation, [])
    conversation.append(MessageItem(role="user", content="And again."))
    assert [item.content for item in asked.input if isinstance(item, MessageItem)] == ["Hello."]
    assert asked.max_output_tokens == 4000
