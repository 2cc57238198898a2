"""Starts the model daemon: the gateway in front of the endpoint or the practice model."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from daemons.model.budgets import BudgetLimits, Budgets
from daemons.model.dialect_choice import open_choice
from daemons.model.endpoint import Endpoint
from daemons.model.endpoint_memory import Dialect, EndpointMemory
from daemons.model.endpoint_model import EndpointModel
from daemons.model.gateway import ModelGateway, model_app
from daemons.model.model_source import ModelSource
from daemons.model.practice.practice_model import PracticeModel
from shared.clients.daemon import open_endpoint
from shared.domain.errors import InvalidInput
from shared.runtime.service import Service, run_daemon
from shared.runtime.settings import ModelSettings

OPENAI_URL = "https://api.openai.com/v1"


@asynccontextmanager
async def open_model(settings: ModelSettings) -> AsyncIterator[Service]:
    """The gateway, while its counts and its connection to the endpoint are open."""
    limits = BudgetLimits(settings.model_job_requests, settings.model_job_tokens, settings.model_day_tokens)
    budgets = Budgets(settings.model_directory, limits)
    try:
        async with _open_source(settings, budgets) as (source, memory):
            gateway = ModelGateway(source, memory, budgets, settings.model_ticket_key.get_secret_value().encode())
            yield Service(
                admin_listen=settings.model_admin_listen,
                app=model_app(gateway),
                listen=settings.model_listen,
                work=gateway.end_answers,
                measure=budgets.measure,
            )
    finally:
        budgets.close()


@asynccontextmanager
async def _open_source(
    settings: ModelSettings, budgets: Budgets
) -> AsyncIterator[tuple[ModelSource, EndpointMemory | None]]:
    """The endpoint with what is known of it if there is a key or a base URL, else the practice model."""
    key = settings.model_key.get_secret_value() if settings.model_key else ""
    if not key and not settings.model_base_url:
        yield PracticeModel(), None
        return
    headers = {"Accept": "text/event-stream", "Accept-Encoding": "identity", "User-Agent": "PageWright"}
    if key:
        if not (key.isascii() and key.isprintable()):
            raise InvalidInput("PAGEWRIGHT_MODEL_KEY has characters that a key can't have.", "Copy it again.")
        headers["Authorization"] = f"Bearer {key}"
    url = settings.model_base_url or OPENAI_URL
    try:
        client = open_endpoint(url, headers, settings.model_idle_seconds)
    except ValueError:
        raise InvalidInput("PAGEWRIGHT_MODEL_BASE_URL is not a URL of an API.", "It ends in /v1 as a rule.") from None
    endpoint = Endpoint(client, settings.model_name, key, settings.model_idle_seconds, settings.model_response_bytes)
    memory = EndpointMemory(settings.model_directory, url, settings.model_name, key)
    async with client, open_choice(endpoint, memory, budgets, _fixed_dialect(settings)) as choice:
        yield EndpointModel(endpoint, choice, settings.model_context_tokens), memory


def _fixed_dialect(settings: ModelSettings) -> Dialect | None:
    """The dialect that need not be found out: the operator's, or OpenAI's own."""
    if settings.model_dialect == "auto":
        return None if settings.model_base_url else "responses"
    return settings.model_dialect


if __name__ == "__main__":
    run_daemon("model", ModelSettings, open_model)
