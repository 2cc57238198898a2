"""One run of the tasks in one conversation, with the tool loop that Codex has.

It asks as any client of the gateway: with the official library, through `POST /v1/responses`. So what the gateway
refuses, mends, counts and writes is part of what is seen.
"""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import TypeAdapter, ValidationError

from daemons.model.library_loading import ANY_MODEL, Ask
from daemons.model.metering import usage
from daemons.model.probe.tasks import PICTURE, SHELL, TASKS, ProbeTask, request, rules, verdict
from daemons.model.probe.trial_site import TrialSite
from daemons.model.request_parts import (
    CustomCall,
    CustomOutput,
    FunctionCall,
    FunctionOutput,
    InputImage,
    Item,
    MessageItem,
    Refusal,
)
from shared.domain.errors import BadGateway, PageWrightError
from shared.domain.model_probe import ModelProbe, ProbeVerdict

_MOST_REQUESTS = 4  # of one task
_MOST_SECONDS = 300
_WORDS = ("apricot", "bramble", "cobbler", "drizzle", "elbow", "fiddle", "gravel", "hazel")
_COLOURS = (("red", "green"), ("green", "blue"), ("blue", "yellow"), ("yellow", "red"), ("red", "blue"))
_ITEM: TypeAdapter[Item] = TypeAdapter(Item)


def _site() -> TrialSite:
    """A site whose contents the model can't guess."""
    return TrialSite(secrets.choice(_WORDS), secrets.choice(_COLOURS))


@dataclass
class Attempt:
    """One run: what was said, done and used so far. `ask` asks with the ticket of a job of its own."""

    ask: Ask
    conversation: list[Item] = field(default_factory=rules)
    site: TrialSite = field(default_factory=_site)
    done: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    requests: int = 0
    tokens: tuple[int, int] = (0, 0)

    async def run(self) -> ModelProbe:
        """Do the tasks one after the other; without commands there is nothing more to see."""
        try:
            async with asyncio.timeout(_MOST_SECONDS):
                for task in TASKS:
                    is_done = await self._do(task)
                    if task is SHELL and not is_done:
                        break
        except PageWrightError as fault:
            return self._seen(ProbeVerdict.UNUSABLE, [_clause(fault.detail)])
        except TimeoutError:
            return self._seen(ProbeVerdict.UNUSABLE, [f"small tasks took more than {_MOST_SECONDS // 60} minutes"])
        return self._seen(verdict(self.done), self.missed)

    def _seen(self, found: ProbeVerdict, missed: Sequence[str]) -> ModelProbe:
        return ModelProbe(
            at=datetime.now(UTC),
            verdict=found,
            done=tuple(self.done),
            missed=tuple(missed),
            requests=self.requests,
            input_tokens=self.tokens[0],
            output_tokens=self.tokens[1],
        )

    async def _do(self, task: ProbeTask) -> bool:
        self.conversation.append(MessageItem(role="user", content=task.prompt))
        try:
            fault = task.fault(self.site, await self._converse())
        except PageWrightError as error:
            if task is not PICTURE:
                raise
            fault = f"when it looked at a picture, {_clause(error.detail)}"
        (self.missed if fault else self.done).append(fault or task.done)
        return not fault

    async def _converse(self) -> str:
        """What the model says after its calls, nothing if it only calls."""
        for _ in range(_MOST_REQUESTS):
            items = await self._ask()
            answers = [self._answer(item) for item in items if isinstance(item, FunctionCall | CustomCall)]
            self.conversation += [*items, *answers]
            if not answers:
                return " ".join(_text(item) for item in items if isinstance(item, MessageItem))
        return ""

    def _answer(self, call: FunctionCall | CustomCall) -> Item:
        if isinstance(call, CustomCall):
            output = self.site.call(call.name, call.input)
            return CustomOutput(type="custom_tool_call_output", call_id=call.call_id, output=output)
        output = self.site.call(call.name, call.arguments)
        return FunctionOutput(type="function_call_output", call_id=call.call_id, output=output)

    async def _ask(self) -> list[Item]:
        """The items of one answer, as far as they can be sent back."""
        self.requests += 1
        events = await self.ask(request(self.conversation).build(ANY_MODEL))
        used = usage(events[-1]) or (0, 0)
        self.tokens = self.tokens[0] + used[0], self.tokens[1] + used[1]
        if events[-1]["type"] == "response.failed":
            raise BadGateway(str(events[-1]["response"]["error"]["message"]))
        done = [event.get("item") for event in events if event["type"] == "response.output_item.done"]
        return [item for item in map(_item, done) if item]


def _item(given: object) -> Item | None:
    try:
        return _ITEM.validate_python(given)
    except ValidationError:
        return None


def _text(message: MessageItem) -> str:
    if isinstance(message.content, str):
        return message.content
    return " ".join(part.text for part in message.content if not isinstance(part, Refusal | InputImage))


def _clause(detail: str) -> str:
    """A detail's first sentence as a part of another."""
    sentence = detail.partition(". ")[0].rstrip(".")
    return sentence[:1].lower() + sentence[1:]
