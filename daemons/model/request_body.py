"""What a request to the model may contain: an allow-list of strict models, from which the request is built anew.

Everything that could reach beyond the conversation is refused with a sentence: hosted tools, files and pictures by
reference, stored conversations and prompts. What is only of no use to us (metadata, user, service_tier) is dropped.
"""

import hashlib
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from shared.errors import InvalidInput

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,128}$")]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,24}$")]
DataImage = Annotated[str, StringConstraints(pattern=r"^data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+=*$")]

ENCRYPTED_REASONING = "reasoning.encrypted_content"


class Part(BaseModel):
    """A piece of a request: strict about types, blind to keys that it does not name."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", hide_input_in_errors=True)


class InputText(Part):
    type: Literal["input_text"]
    text: str


class OutputText(Part):
    type: Literal["output_text"]
    text: str


class Refusal(Part):
    type: Literal["refusal"]
    refusal: str


class InputImage(Part):
    """A picture that is inside the request itself."""

    type: Literal["input_image"]
    image_url: DataImage
    detail: Word | None = None
    file_id: None = None


Content = Annotated[InputText | OutputText | Refusal | InputImage, Field(discriminator="type")]


class Message(Part):
    type: Literal["message"] = "message"
    id: Name | None = None
    role: Literal["user", "assistant", "system", "developer"]
    content: str | list[Content]
    phase: Word | None = None


class FunctionCall(Part):
    type: Literal["function_call"]
    id: Name | None = None
    call_id: Name
    name: Name
    namespace: Name | None = None
    arguments: str


class FunctionOutput(Part):
    type: Literal["function_call_output"]
    id: Name | None = None
    call_id: Name
    output: str | list[Content]


class CustomCall(Part):
    type: Literal["custom_tool_call"]
    id: Name | None = None
    call_id: Name
    name: Name
    namespace: Name | None = None
    input: str


class CustomOutput(Part):
    type: Literal["custom_tool_call_output"]
    id: Name | None = None
    call_id: Name
    output: str | list[Content]


class ReasoningText(Part):
    type: Literal["summary_text", "reasoning_text"]
    text: str


class Reasoning(Part):
    type: Literal["reasoning"]
    id: Name | None = None
    summary: list[ReasoningText] = []
    content: list[ReasoningText] | None = None
    encrypted_content: str | None = None


Item = Annotated[
    Message | FunctionCall | FunctionOutput | CustomCall | CustomOutput | Reasoning, Field(discriminator="type")
]


class FunctionTool(Part):
    type: Literal["function"]
    name: Name
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class CustomFormat(Part):
    type: Literal["text", "grammar"]
    syntax: Literal["lark", "regex"] | None = None
    definition: str | None = None


class CustomTool(Part):
    type: Literal["custom"]
    name: Name
    description: str | None = None
    format: CustomFormat | None = None


class NamespaceTool(Part):
    type: Literal["namespace"]
    name: Name
    description: str | None = None
    tools: list[Annotated[FunctionTool | CustomTool, Field(discriminator="type")]]


Tool = Annotated[FunctionTool | CustomTool | NamespaceTool, Field(discriminator="type")]


class NamedTool(Part):
    type: Literal["function", "custom"]
    name: Name


class ReasoningWish(Part):
    effort: Word | None = None
    summary: Word | None = None


class TextFormat(Part):
    type: Literal["text", "json_object", "json_schema"]
    name: Name | None = None
    description: str | None = None
    schema_: Annotated[dict[str, Any] | None, Field(alias="schema")] = None
    strict: bool | None = None


class TextWish(Part):
    format: TextFormat | None = None
    verbosity: Word | None = None


class ModelRequest(Part):
    """A request that we are willing to make. `None` fields that follow `input` are those we refuse when set."""

    input: str | list[Item]
    previous_response_id: None = None
    conversation: None = None
    prompt: None = None
    background: Literal[False] | None = None
    instructions: str | None = None
    tools: list[Tool] | None = None
    tool_choice: Literal["auto", "none", "required"] | NamedTool | None = None
    parallel_tool_calls: bool | None = None
    reasoning: ReasoningWish | None = None
    text: TextWish | None = None
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

    def build(self, model: str, job: str) -> dict[str, Any]:
        """The JSON that goes to the endpoint: ours in model, storage, streaming and cache key."""
        pinned = {
            "model": model,
            "store": False,
            "stream": True,
            "prompt_cache_key": "pagewright-" + hashlib.sha256(job.encode()).hexdigest()[:24],
        }
        return self.model_dump(mode="json", by_alias=True, exclude_none=True) | pinned


def read_request(data: bytes) -> ModelRequest:
    """The request in a body; raises InvalidInput that says what can't be passed on."""
    try:
        return ModelRequest.model_validate_json(data)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
    raise InvalidInput(*_sentence(fault["type"], fault["loc"], fault.get("ctx", {})))


def _sentence(kind: str, place: tuple[int | str, ...], context: dict[str, Any]) -> tuple[str, str]:
    where = ".".join(ascii(part)[:60].strip("'") for part in place) or "body"
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
