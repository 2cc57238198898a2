"""What PageWright says in an answer is told apart from what the agent says, and a question is seen to be one."""

import pytest

from htmx_ui.spoken import Spoken, spoken
from shared.domain.job_outcome import JobOutcome
from shared.domain.vocabulary import JobKind
from tests.htmx_ui.samples import turn


@pytest.mark.parametrize(
    ("outcome", "answer", "expected"),
    [
        (JobOutcome.CHANGED, "I made it **blue**.", Spoken(agent="I made it **blue**.")),
        (
            JobOutcome.CHANGED,
            "It is blue.\n\nMade from version 3. It does not have the changes of version 4.",
            Spoken(agent="It is blue.", after="Made from version 3. It does not have the changes of version 4."),
        ),
        (JobOutcome.CHANGED, "It is blue. Is that right?", Spoken(agent="It is blue. Is that right?")),
        (
            JobOutcome.UNCHANGED,
            "Nothing was changed.\nThe agent says: There are four pages.",
            Spoken(agent="There are four pages."),
        ),
        (
            JobOutcome.UNCHANGED,
            "Nothing was changed. 2 of 3 commands failed.\nThe agent says: **Which** headline do you *mean*?*",
            Spoken(before="2 of 3 commands failed.", agent="**Which** headline do you *mean*?*", asks=True),
        ),
        (JobOutcome.UNCHANGED, "Nothing was changed. What is a “hero”?", Spoken(agent="What is a “hero”?", asks=True)),
        (JobOutcome.FAILED, "Nothing was changed.\nThe agent says: Done?", Spoken(agent="Done?")),
        (JobOutcome.UNCHANGED, "Nothing was changed.", Spoken()),
    ],
)
def test_who_says_what_in_an_edit(outcome: JobOutcome, answer: str, expected: Spoken) -> None:
    assert spoken(turn(1, "Make it blue", outcome=outcome, answer=answer)) == expected


def test_what_an_import_answers_is_ours() -> None:
    made = turn(0, "", kind=JobKind.IMPORT, outcome=JobOutcome.CHANGED, answer="Your site is imported: 3 files.")
    assert spoken(made) == Spoken(before="Your site is imported: 3 files.")
