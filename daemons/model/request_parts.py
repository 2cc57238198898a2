"""The pieces that a request to the model may be made of: content, items of the conversation, and tools.

Everything carries its own bytes: there is no piece that refers to a file, an address or an earlier request.
"""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag, computed_field

from daemons.model.answer_forms import SCHEMAS, FormName

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,128}$")]
# Servers have call ids of many kinds, such as `functions.exec_command:0`.
CallId = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,256}$")]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,24}$")]
DataImage = Annotated[str, StringConstraints(pattern=r"^data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+=*$")]


T = TypeVar("T")
WORDS, PARTS = "words", "parts"


def shape_of(value: object) -> str:
    """Whether a field that takes either is text or has parts; a fault is then told of what the field is."""
    return WORDS if isinstance(value, str) else PARTS


TextOr = Annotated[Annotated[str, Tag(WORDS)] | Annotated[T, Tag(PARTS)], Discriminator(shape_of)]


class RequestPart(BaseModel):
    """A piece of a request: strict about types, blind to keys that it does not name."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", hide_input_in_errors=True)


class InputText(RequestPart):
    """Text that the client wrote."""

    type: Literal["input_text"]
    text: str


class OutputText(RequestPart):
    """Text that the model wrote."""

    type: Literal["output_text"]
    text: str


class Refusal(RequestPart):
    """The model's no."""

    type: Literal["refusal"]
    refusal: str


class InputImage(RequestPart):
    """A picture that is inside the request itself."""

    type: Literal["input_image"]
    image_url: DataImage
    detail: Word | None = None
    file_id: None = None


Content = Annotated[InputText | OutputText | Refusal | InputImage, Field(discriminator="type")]


class MessageItem(RequestPart):
    """One message of the conversation."""

    type: Literal["message"] = "message"
    id: Name | None = None
    role: Literal["user", "assistant", "system", "developer"]
    content: TextOr[list[Content]]
    phase: Word | None = None


class FunctionCall(RequestPart):
    """The model called a function tool."""

    type: Literal["function_call"]
    id: Name | None = None
    call_id: CallId
    name: Name
    namespace: Name | None = None
    arguments: str


class FunctionOutput(RequestPart):
    """What a function tool gave back."""

    type: Literal["function_call_output"]
    id: Name | None = None
    call_id: CallId
    output: TextOr[list[Content]]


class CustomCall(RequestPart):
    """The model called a tool that takes free text."""

    type: Literal["custom_tool_call"]
    id: Name | None = None
    call_id: CallId
    name: Name
    namespace: Name | None = None
    input: str


class CustomOutput(RequestPart):
    """What such a tool gave back."""

    type: Literal["custom_tool_call_output"]
    id: Name | None = None
    call_id: CallId
    output: TextOr[list[Content]]


class ReasoningText(RequestPart):
    """A piece of reasoning."""

    type: Literal["summary_text", "reasoning_text"]
    text: str


class Reasoning(RequestPart):
    """What the model thought, as a rule encrypted for itself."""

    type: Literal["reasoning"]
    id: Name | None = None
    summary: list[ReasoningText] = []
    content: list[ReasoningText] | None = None
    encrypted_content: str | None = None


Item = Annotated[
    MessageItem | FunctionCall | FunctionOutput | CustomCall | CustomOutput | Reasoning, Field(discriminator="type")
]


class FunctionTool(RequestPart):
    """A tool that takes JSON; the client runs it."""

    type: Literal["function"]
    name: Name
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class CustomFormat(RequestPart):
    """What text a custom tool takes."""

    type: Literal["text", "grammar"]
    syntax: Literal["lark", "regex"] | None = None
    definition: str | None = None


class CustomTool(RequestPart):
    """A tool that takes free text; the client runs it."""

    type: Literal["custom"]
    name: Name
    description: str | None = None
    format: CustomFormat | None = None


class NamespaceTool(RequestPart):
    """Tools under one name."""

    type: Literal["namespace"]
    name: Name
    description: str | None = None
    tools: list[Annotated[FunctionTool | CustomTool, Field(discriminator="type")]]


Tool = Annotated[FunctionTool | CustomTool | NamespaceTool, Field(discriminator="type")]


class NamedTool(RequestPart):
    """The one tool that must be called."""

    type: Literal["function", "custom"]
    name: Name


class ReasoningOptions(RequestPart):
    """How much to think."""

    effort: Word | None = None
    summary: Word | None = None


class AnswerForm(RequestPart):
    """The answer has one of our own forms. Only the name is the client's: the schema that is sent is always ours."""

    type: Literal["json_schema"]
    name: FormName
    strict: Literal[True] = True

    @computed_field(alias="schema")
    def schema_(self) -> dict[str, Any]:
        """What the answer has to be like."""
        return SCHEMAS[self.name]


class PlainForm(RequestPart):
    """The answer is text, which is said by some clients."""

    type: Literal["text"]


class TextOptions(RequestPart):
    """What form and length the answer has."""

    format: Annotated[PlainForm | AnswerForm, Field(discriminator="type")] | None = None
    verbosity: Word | None = None
