"""Reads a request to the model by an allow-list of strict models, and builds it anew from them.

It refuses, with a sentence, everything that could reach beyond the conversation: hosted tools, files and pictures by
reference, stored conversations and prompts. It drops what is merely of no use to us (metadata, user, service_tier).
"""

import hashlib
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, ValidationError, field_validator

from daemons.model.answer_forms import FormName
from daemons.model.request_parts import (
    PARTS,
    WORDS,
    AnswerForm,
    Item,
    NamedTool,
    ReasoningOptions,
    RequestPart,
    TextOptions,
    TextOr,
    Tool,
    shape_of,
)
from shared.domain.errors import InvalidInput

ENCRYPTED_REASONING = "reasoning.encrypted_content"


ToolChoice = Annotated[
    Annotated[Literal["auto", "none", "required"], Tag(WORDS)] | Annotated[NamedTool, Tag(PARTS)],
    Discriminator(shape_of),
]


class ModelRequest(RequestPart):
    """A request that we are willing to make. `None` fields that follow `input` are those we refuse when set."""

    input: TextOr[list[Item]]
    previous_response_id: None = None
    conversation: None = None
    prompt: None = None
    background: Literal[False] | None = None
    instructions: str | None = None
    tools: list[Tool] | None = None
    tool_choice: ToolChoice | None = None
    parallel_tool_calls: bool | None = None
    reasoning: ReasoningOptions | None = None
    text: TextOptions | None = None
    include: list[str] | None = None
    max_output_tokens: Annotated[int, Field(ge=1)] | None = None

    @field_validator("input", mode="before")
    @classmethod
    def _typed_messages(cls, value: object) -> object:
        """A message may come without its type, as the official libraries send it."""
        if not isinstance(value, list):
            return value
        return [{"type": "message", **item} if isinstance(item, dict) and "role" in item else item for item in value]

    @field_validator("include")
    @classmethod
    def _known_includes(cls, value: list[str] | None) -> list[str] | None:
        return [name for name in value or () if name == ENCRYPTED_REASONING] or None

    @property
    def answer_form(self) -> FormName | None:
        """The name of the form that the answer has to have, None if it may be any text."""
        form = self.text.format if self.text else None
        return form.name if isinstance(form, AnswerForm) else None

    def build(self, model: str) -> dict[str, Any]:
        """The JSON that goes to the endpoint: ours in model, storage and streaming."""
        pinned = {"model": model, "store": False, "stream": True}
        return self.model_dump(mode="json", by_alias=True, exclude_none=True) | pinned


def cache_key(job: str) -> dict[str, str]:
    """The field that tells OpenAI to cache the common beginning of a job's requests."""
    return {"prompt_cache_key": "pagewright-" + hashlib.sha256(job.encode()).hexdigest()[:24]}


def read_request(data: bytes) -> ModelRequest:
    """The request in a body; raises InvalidInput that says what can't be passed on."""
    try:
        return ModelRequest.model_validate_json(data)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
    raise InvalidInput(*_sentence(fault["type"], fault["loc"], fault.get("ctx", {})))


def _sentence(kind: str, place: tuple[int | str, ...], context: dict[str, Any]) -> tuple[str, str]:
    named = [part for part in place if part not in (WORDS, PARTS)]
    where = ".".join(ascii(part)[:60].strip("'") for part in named) or "body"
    if kind == "json_invalid":
        return "The request to the model is not JSON.", "Send a JSON document."
    if kind == "union_tag_invalid":
        tag = ascii(str(context.get("tag")))[:60]
        return (
            f"The request to the model has {where} of type {tag}, which is not passed on.",
            "Only messages, function and custom tools, and their calls and outputs may be sent.",
        )
    if kind == "none_required" or "image_url" in where:
        return (
            f"The request to the model has {where}, which refers to something outside of the request.",
            "Send the whole conversation, and pictures as data: URLs.",
        )
    return f"The request to the model has a wrong or missing {where}.", "See the Responses API for its form."
