"""The model's second look adds doubt: it removes no finding, fails nothing, and its words are shown as its own."""

from daemons.worker.scope.second_look import LookedAt, look_question, with_doubts
from shared.domain.manifest import Check, CheckStatus
from shared.domain.model_questions import Done, LookAnswer
from shared.domain.visible_changes import ChangeOf, Verdict, VisibleChange, VisibleChanges

FAILED, WARNING = CheckStatus.FAILED, CheckStatus.WARNING


def change(text: str, verdict: Verdict = Verdict.ASKED, *pages: str) -> VisibleChange:
    pages = pages or ("a.html",)
    return VisibleChange(
        of=ChangeOf.TEXT, what="text", before="old", after=text, pages=pages, page_count=len(pages), verdict=verdict
    )


def looked(*changes: VisibleChange, checks: tuple[Check, ...] = (), **said: object) -> LookedAt:
    answer = LookAnswer.model_validate({"done": Done.DONE, "missing": (), "unasked": ()} | said)
    return with_doubts(LookedAt(VisibleChanges(changes=changes, total=len(changes)), checks), answer)


def test_the_model_is_told_of_changes_in_words_and_how_many_are_left_out() -> None:
    changes = [change("x" * 300, Verdict.ASKED, "a.html", "b.html"), *(change(f"{n}") for n in range(99))]
    asked = look_question("Change it", VisibleChanges(changes=tuple(changes), total=150))
    assert (len(asked.changes), asked.left_out) == (60, 90)
    assert asked.changes[0].text.startswith("2 pages: Text: “old” → “xxx")
    assert asked.changes[0].text.endswith(" (a.html, b.html)")
    assert asked.changes[5].number == 5


def test_without_doubts_all_stays_as_it_was() -> None:
    checks = (
        Check(name="scope", status=CheckStatus.PASSED, findings=("Concerns: a.html",)),
        Check(name="unasked", status=WARNING, findings=("a.html: Text: “old” → “b”",)),
        Check(name="asked", status=WARNING, findings=("Asked for b.html, which did not change.",)),
    )
    found = looked(change("b", Verdict.DOUBTFUL), change("c"), checks=checks, missing=("nothing",))
    assert found.checks == checks
    assert [one.verdict for one in found.changes.changes] == [Verdict.DOUBTFUL, Verdict.ASKED]


def test_a_change_that_was_asked_for_becomes_doubtful_at_most() -> None:
    found = looked(
        change("a"), change("b"), change("c", Verdict.FOLLOWS), change("d", Verdict.DOUBTFUL), unasked=(1, 2, 99)
    )
    assert [(one.after, one.verdict) for one in found.changes.changes] == [
        ("b", Verdict.DOUBTFUL),
        ("d", Verdict.DOUBTFUL),
        ("a", Verdict.ASKED),
        ("c", Verdict.FOLLOWS),
    ]
    told = ("a.html: Text: “old” → “b”", "a.html: Text: “old” → “d”")
    assert found.checks == (Check(name="unasked", status=WARNING, findings=told),)


def test_a_mechanical_finding_stays_whatever_the_model_says() -> None:
    checks = (
        Check(name="unasked", status=FAILED, findings=("a.html: Text: “old” → “b”",)),
        Check(name="asked", status=FAILED, findings=("Asked for b.html, which did not change.",)),
    )
    for said in ({}, {"done": "not", "missing": ("All",), "unasked": (0, 1)}):
        found = looked(change("b", Verdict.UNASKED), change("c"), checks=checks, **said)
        assert found.checks == checks
        assert found.changes.changes[0].verdict is Verdict.UNASKED


def test_what_is_missing_is_a_warning_in_the_models_words_on_one_line() -> None:
    known = Check(name="asked", status=WARNING, findings=("Asked for b.html, which did not change.",))
    hostile = "The price\n<b>is</b>\x1b[31m \u202egone" + "x" * 250
    found = looked(change("b"), checks=(known,), done="partly", missing=(hostile, "\n", "The price", "The price"))
    [asked] = found.checks
    assert (asked.status, len(asked.findings)) == (WARNING, 3)
    assert asked.findings[1].startswith("The model says: The price <b>is</b> [31m gonexx")
    assert len(asked.findings[1]) == len("The model says: ") + 200
    assert asked.findings[2] == "The model says: The price"
    [doubt] = looked(change("b"), done="not").checks
    assert doubt.findings == ("The model doubts that all of it was done.",)
