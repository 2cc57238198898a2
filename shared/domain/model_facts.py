"""What the model daemon tells of itself."""

from typing import Any

from pydantic import ConfigDict, ValidationError, ValidatorFunctionWrapHandler, field_validator

from shared.domain.model_probe import ModelProbe
from shared.domain.vocabulary import Record


class ModelFacts(Record):
    """Which model answers and how it is spoken to, what was seen of it, and how many of a UTC day's tokens are used.

    A daemon of another release may tell less or more, and of its probe what can't be read here.
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

    @field_validator("probe", mode="wrap")
    @classmethod
    def _readable_probe(cls, told: Any, read: ValidatorFunctionWrapHandler) -> ModelProbe | None:  # noqa: ANN401
        try:
            probe: ModelProbe | None = read(told)
        except ValidationError:
            return None
        return probe
