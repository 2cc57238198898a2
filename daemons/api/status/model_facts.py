"""What the model daemon tells of itself."""

from pydantic import ConfigDict, ValidationError

from shared.clients.daemon import TransportError, error_from, open_client
from shared.domain.errors import Unavailable
from shared.domain.model_probe import ModelProbe
from shared.domain.vocabulary import Record


class ModelFacts(Record):
    """Which model answers and how it is spoken to, what was seen of it, and how many of a UTC day's tokens are used.

    A daemon of another release may tell less or more.
    """

    model_config = ConfigDict(extra="ignore")

    name: str
    practice: bool
    release: str | None = None
    day_tokens: int | None = None
    day_budget_tokens: int | None = None
    dialect: str | None = None
    context_tokens: int | None = None
    probe: ModelProbe | None = None


async def ask_model_daemon(address: str) -> ModelFacts:
    """Raises Unavailable, or the daemon's own error."""
    try:
        async with open_client(address, timeout=2.0) as client:
            answer = await client.get("/v1/model")
    except TransportError:
        raise Unavailable("The model daemon can't be reached.", "Look at its journal.") from None
    if answer.is_error:
        raise error_from(answer)
    try:
        return ModelFacts.model_validate_json(answer.content)
    except ValidationError:
        raise Unavailable("The model daemon's answer can't be read.", "Run the same release everywhere.") from None
