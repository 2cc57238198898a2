"""Asks the model daemon what a job has used, how much the model reads at once, and what the model says of an edit."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from shared.clients.model import ModelClient
from shared.domain.errors import PageWrightError
from shared.domain.manifest import Usage
from shared.domain.model_questions import LookAnswer, LookQuestion, ScopeAnswer, ScopeQuestion
from shared.domain.tickets import issue_ticket
from shared.domain.vocabulary import JobRequest
from shared.runtime.settings import WorkerSettings

_log = logging.getLogger(__name__)
_TICKET_SECONDS = 60
A = TypeVar("A")
_ANSWER_SECONDS = 15.0  # an edit waits no longer for an answer that it can do without


@dataclass(frozen=True)
class AgentUsage:
    """Which agent and model made an edit, and what it used; for the manifest."""

    agent: str
    model: str
    usage: Usage


async def context_tokens(settings: WorkerSettings) -> int | None:
    """How many tokens the model reads at once, None if not known. Raises Unavailable without the model daemon."""
    async with ModelClient(settings.model_address) as model:
        return (await model.facts()).context_tokens


async def agent_usage(settings: WorkerSettings, request: JobRequest, agent: str) -> AgentUsage:
    """What the job has used so far. Raises Unavailable if the model daemon can't be reached."""
    async with _client(settings, request) as model:
        return AgentUsage(agent, (await model.facts()).name, await model.usage(request.id))


async def ask_scope(
    settings: WorkerSettings, request: JobRequest, question: ScopeQuestion, seconds: float = _ANSWER_SECONDS
) -> ScopeAnswer | None:
    """What the model says that the request concerns; None if no usable answer comes in time, whatever the reason."""
    return await _answered(settings, request, lambda model: model.scope(question), seconds)


async def ask_look(
    settings: WorkerSettings, request: JobRequest, question: LookQuestion, seconds: float = _ANSWER_SECONDS
) -> LookAnswer | None:
    """What the model says of what was done for the request; None as above."""
    return await _answered(settings, request, lambda model: model.look(question), seconds)


async def _answered(
    settings: WorkerSettings, request: JobRequest, ask: Callable[[ModelClient], Awaitable[A]], seconds: float
) -> A | None:
    try:
        async with asyncio.timeout(seconds), _client(settings, request) as model:
            return await ask(model)
    except (PageWrightError, TimeoutError) as error:
        _log.info("the model gave no answer to a question of ours: %s", type(error).__name__)
        return None


def _client(settings: WorkerSettings, request: JobRequest) -> ModelClient:
    key = settings.model_ticket_key.get_secret_value().encode()
    return ModelClient(
        settings.model_address, issue_ticket(key, job=request.id, site=request.site, seconds=_TICKET_SECONDS)
    )
