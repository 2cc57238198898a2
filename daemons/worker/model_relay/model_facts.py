"""Which agent and model made an edit, and what it used: the model daemon's own count, not the agent's word."""

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
class ModelFacts:
    """For the manifest."""

    agent: str
    model: str
    usage: Usage


async def context_tokens(settings: WorkerSettings) -> int | None:
    """How much the model reads at once, None if nobody said so; raises Unavailable if the model daemon is away."""
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


async def model_facts(settings: WorkerSettings, request: JobRequest, agent: str) -> ModelFacts:
    """Ask the model daemon; raises Unavailable if it is away."""
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
            return ModelFacts(agent, str(model.json()["name"]), Usage.model_validate_json(usage.content))
        except (ValidationError, ValueError, LookupError, TypeError):
            raise Unavailable("The model daemon's answer can't be read.") from None
