"""Parts an answer into what PageWright says, which is told in an owner's language, and what the agent says."""

from dataclasses import dataclass

from htmx_ui.parts import Turn
from shared.domain.job_outcome import NOTHING_CHANGED, JobOutcome, is_question, without_facts
from shared.domain.vocabulary import JobKind

_SAYS = "The agent says: "


@dataclass(frozen=True)
class Spoken:
    """What we say `before` and `after` the agent's words; it `asks` if they are a question that waits for an answer."""

    before: str = ""
    agent: str = ""
    after: str = ""
    asks: bool = False


def spoken(turn: Turn) -> Spoken:
    """Who says what in the answer of a request that has ended; that nothing was changed is left to the page."""
    is_unchanged = turn.outcome in (JobOutcome.UNCHANGED, JobOutcome.FAILED)
    answer = turn.answer.removeprefix(NOTHING_CHANGED).strip() if is_unchanged else turn.answer.strip()
    if turn.kind is not JobKind.EDIT:
        return Spoken(before=answer)
    before, quoted, words = answer.partition(_SAYS) if is_unchanged else ("", "", answer)
    agent, after = without_facts(words if quoted or not is_unchanged else before)
    asks = turn.outcome is JobOutcome.UNCHANGED and is_question(agent)
    return Spoken(before.strip() if quoted else "", agent, after, asks)
