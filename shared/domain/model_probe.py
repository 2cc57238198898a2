"""The result of giving the model three small tasks: whether it can edit sites, and how."""

from datetime import datetime
from enum import StrEnum

from pydantic import ConfigDict

from shared.domain.vocabulary import Record


class ProbeVerdict(StrEnum):
    """What the model is good for."""

    WORKS = "works"
    SHELL_ONLY = "edits by shell only"
    UNUSABLE = "not usable"


class ModelProbe(Record):
    """The tasks that were done, why others were not, and what it cost.

    `done` and `missed` are clauses about the model: "it changed a line with a patch". A daemon of another release may
    tell more.
    """

    model_config = ConfigDict(extra="ignore")

    at: datetime
    verdict: ProbeVerdict
    done: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def sentence(self) -> str:
        """The verdict and what it rests on."""
        if self.verdict is ProbeVerdict.UNUSABLE:
            return f"{self.verdict}, because {'; '.join(self.missed)}"
        return f"{self.verdict}: {'; '.join((*self.done, *self.missed))}"
