"""What a site's owner says of its checks: which of them hold a change back, and how much a page may load."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Severity(StrEnum):
    """What becomes of a new finding: it keeps the version from the preview, is told, or stands in the details only."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


# The checks of which a site may say that, with what holds if it does not. Of the others, what visitors would miss
# whole pages by always blocks, and what was not asked for is judged by its request.
USUAL = {
    **dict.fromkeys(("links", "images", "requests", "console", "alternative text", "width"), Severity.BLOCK),
    **dict.fromkeys(
        (
            "anchors", "picture quality", "structure", "search engines", "narrow screens", "accessibility", "markup",
            "forms", "mixed content", "weight", "missing page", "other sites",
        ),
        Severity.WARN,
    ),
}  # fmt: skip
LEAST_KILOBYTES, USUAL_KILOBYTES, MOST_KILOBYTES = 100, 3_000, 50_000


def _known(name: str) -> str:
    if name not in USUAL:
        raise ValueError(f"there is no such check; choose one of: {', '.join(USUAL)}")
    return name


class CheckRules(BaseModel):
    """What differs from the usual; `page_kilobytes` is what a page may load with all its files."""

    # As strict as a Record, which it can't be: a JobRequest has one, and they stand in one file.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    severities: dict[Annotated[str, AfterValidator(_known)], Severity] = {}
    page_kilobytes: Annotated[int, Field(ge=LEAST_KILOBYTES, le=MOST_KILOBYTES)] = USUAL_KILOBYTES

    def severity(self, check: str) -> Severity | None:
        """What becomes of what this check finds; None if a site has no say in it."""
        return self.severities.get(check, USUAL.get(check))

    @property
    def unusual(self) -> "CheckRules | None":
        """The same without what is usual anyway; None if nothing is left."""
        severities = {check: severity for check, severity in self.severities.items() if USUAL[check] is not severity}
        rules = self.model_copy(update={"severities": severities})
        return None if rules == USUAL_RULES else rules


USUAL_RULES = CheckRules()
