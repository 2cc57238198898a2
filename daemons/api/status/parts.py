"""What each part said, as a part of the report; pure."""

from typing import Any

from daemons.api.publishing.web_host import HostAnswer
from daemons.api.status.asking import PartAnswer
from daemons.api.status.report import Part, PartName
from shared.domain.model_facts import ModelFacts
from shared.domain.release import RELEASE

# What an operator does about it; the error's own hint is for those who asked for something else.
HINTS = {
    PartName.DATABASE: "The api's journal says more: `journalctl -u pagewright-api`.",
    PartName.QUEUE: "Look on its machine: `systemctl status redis-server`.",
    PartName.STORAGE: "Look on its machine: `systemctl status pagewright-storage`.",
    PartName.MODEL: "Look on its machine: `systemctl status pagewright-model`.",
    PartName.WEB_HOST: "Look there: `systemctl status nginx`. Visitors may not reach the sites.",
}


def own_part() -> Part:
    """The api that makes the report."""
    return Part(name=PartName.API, up=True, release=RELEASE)


def part_of(name: PartName, answer: PartAnswer[Any], release: str | None, detail: str = "") -> Part:
    """A part by its answer; `detail` is what else it says of itself."""
    error = answer.error
    return Part(
        name=name,
        up=error is None,
        detail=error.detail if error else detail,
        hint=HINTS[name] if error else "",
        release=release,
        milliseconds=answer.milliseconds,
    )


def host_part(answer: HostAnswer) -> Part:
    """A web host by whether it answered."""
    return Part(
        name=PartName.WEB_HOST,
        address=answer.address,
        up=answer.answers,
        detail="" if answer.answers else "The web host does not answer.",
        hint="" if answer.answers else HINTS[PartName.WEB_HOST],
        milliseconds=answer.milliseconds,
    )


def seen_of_model(facts: ModelFacts | None) -> str:
    """What was seen when the model was last tried, as a sentence; the practice model needs no trial."""
    if facts is None or facts.practice:
        return ""
    if facts.probe is None:
        return "Nobody has tried yet whether it can edit sites; `pagewright doctor` does."
    sentence = facts.probe.sentence
    return f"{sentence[0].upper()}{sentence[1:]}. So it was seen on {facts.probe.at:%Y-%m-%d at %H:%M} UTC."


def about_model(facts: ModelFacts | None) -> str:
    """Which model it is and what it has used today, as a sentence."""
    if facts is None:
        return ""
    name = "The practice model" if facts.practice else facts.name
    if facts.day_tokens is None or facts.day_budget_tokens is None:
        return f"{name} answers."
    return f"{name} answers; {facts.day_tokens:,} of {facts.day_budget_tokens:,} tokens of today are used."
