"""Asks the model daemon what a job has used, which it counts itself, and how much the model reads at once."""

from dataclasses import dataclass

from pydantic import ValidationError

from shared.clients.daemon import TransportError, error_from, open_client
from shared.domain.errors import Unavailable
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
    async with open_client(settings.model_address) as client:
        try:
            answer = await client.get("/v1/model")
        except TransportError:
            raise Unavailable("The model daemon can't be reached.", "Try again in a moment.") from None
    if answer.is_error:
        raise error_from(answer)
    try:
        tokens = answer.json().get("context_tokens")
    except (ValueError, AttributeError):
        raise Unavailable("The model daemon's answer can't be read.") from None
    return tokens if isinstance(tokens, int) else None


async def agent_usage(settings: WorkerSettings, request: JobRequest, agent: str) -> AgentUsage:
    """What the job has used so far. Raises Unavailable if the model daemon can't be reached."""
    key = settings.model_ticket_key.get_secret_value().encode()
    ticket = issue_ticket(key, job=request.id, site=request.site, seconds=_TICKET_SECONDS)
    async with open_client(settings.model_address, {"Authorization": f"Bearer {ticket}"}) as client:
        try:
            model, usage = await client.get("/v1/model"), await client.get(f"/v1/jobs/{request.id}/usage")
        except TransportError:
            raise Unavailable("The model daemon can't be reached.", "Try again in a moment.") from None
        for answer in (model, usage):
            if answer.is_error:
                raise error_from(answer)
        try:
            return AgentUsage(agent, str(model.json()["name"]), Usage.model_validate_json(usage.content))
        except (ValidationError, ValueError, LookupError, TypeError):
            raise Unavailable("The model daemon's answer can't be read.") from None
