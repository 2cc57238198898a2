"""What a job came to, in one word computed from its state and version, and how "nothing was changed" is said."""

from enum import StrEnum

from shared.domain.vocabulary import JobKind, JobState, Outcome, VersionNumber

NOTHING_CHANGED = "Nothing was changed."
NOTHING_SEEN = "Nothing that anybody can see was changed."
_BEHIND_A_QUESTION = " \n*_`\"'”“)"
# How a paragraph begins that the worker adds to what the agent says.
_FACTS = ("Made from version ",)


class JobOutcome(StrEnum):
    """What a job came to. It is stored nowhere: records of every release have it."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    CANCELLED = "cancelled"


def outcome_of(state: JobState, version: VersionNumber | None) -> JobOutcome | None:
    """What a job in this state came to; None while it is unfinished."""
    if state is JobState.SUCCEEDED:
        return JobOutcome.UNCHANGED if version is None else JobOutcome.CHANGED
    return JobOutcome(state.value) if state.final else None


def tell_unchanged(words: str, fact: str = "") -> str:
    """Say that nothing was changed, why, and what the agent says; leaves a text that says so already as it is."""
    if words.startswith(NOTHING_CHANGED):
        return words
    said = f"\nThe agent says: {words}" if words else ""
    return " ".join(filter(None, (NOTHING_CHANGED, fact))) + said


def tell_unseen(words: str) -> str:
    """Say that only bytes were changed that nobody sees, and quote the agent after that."""
    return f"{NOTHING_SEEN}\nThe agent says: {words}" if words else NOTHING_SEEN


def without_facts(words: str) -> tuple[str, str]:
    """What the agent says, and what the worker added to it."""
    paragraphs = words.split("\n\n")
    facts = [paragraph for paragraph in paragraphs if paragraph.startswith(_FACTS)]
    return "\n\n".join(one for one in paragraphs if one not in facts), "\n".join(facts)


def is_question(answer: str) -> bool:
    """Whether an answer without a change ends with a question, which waits for an answer."""
    return without_facts(answer)[0].rstrip(_BEHIND_A_QUESTION).endswith("?")


def answer_of(kind: JobKind, outcome: Outcome) -> str:
    """The answer as people and later jobs read it; corrects jobs of a release that kept only the agent's words."""
    if outcome_of(outcome.state, outcome.version) is not JobOutcome.UNCHANGED:
        return outcome.answer
    is_told = kind is JobKind.EDIT or outcome.answer.startswith(NOTHING_CHANGED)
    return tell_unchanged(outcome.answer if is_told else "")
