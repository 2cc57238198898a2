"""Asks the model daemon what a job has used, which it counts itself, and how much the model reads at once."""

from dataclasses import dataclass

from shared.clients.model import ModelClient
from shared.domain.manifest import Usage
from shared.domain.tickets import issue_ticket
from shared.domain.vocabulary import JobRequest
from shared.runtime.settings import WorkerSettings

_TICKET_SECONDS = 60


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
    key = settings.model_ticket_key.get_secret_value().encode()
    ticket = issue_ticket(key, job=request.id, site=request.site, seconds=_TICKET_SECONDS)
    async with ModelClient(settings.model_address, ticket) as model:
        return AgentUsage(agent, (await model.facts()).name, await model.usage(request.id))
