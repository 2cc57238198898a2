"""What a version's record says of a judgement: a failed check blocks, a warning does not."""

from daemons.worker.scope.verdict_checks import verdict_checks
from shared.domain.manifest import Check, CheckStatus
from shared.domain.scope import Scope, ScopeSource
from shared.domain.visible_changes import ChangeOf, Verdict, VisibleChange, VisibleChanges


def checks(
    *verdicts: Verdict,
    scope: Scope | None = None,
    files: tuple[str, ...] = (),
    still: tuple[str, ...] = (),
    missed: tuple[str, ...] = (),
    **more: bool,
) -> dict[str, Check]:
    changes = tuple(
        VisibleChange(
            of=ChangeOf.TEXT, what="text", before="a", after=f"b{n}", pages=(f"{n}.html",), page_count=1, verdict=one
        )
        for n, one in enumerate(verdicts)
    )
    told = VisibleChanges(changes=changes, total=len(changes), scope=scope, unasked_files=files)
    done = {name: more.get(name, False) for name in ("is_unseen", "did_some")}
    made = verdict_checks(told, still, missed, **done)
    return {check.name: check for check in made}


def test_an_honest_edit_has_no_check_but_what_it_concerned() -> None:
    scope = Scope(source=ScopeSource.WORDS, pages=("contact.html",))
    found = checks(Verdict.ASKED, Verdict.FOLLOWS, scope=scope)
    assert list(found) == ["scope"]
    assert found["scope"].findings == ("Concerns: contact.html, by the words of the request",)
    assert checks(Verdict.ASKED, scope=Scope()) == {}


def test_what_a_scope_says() -> None:
    def said(**scope: object) -> str:
        return checks(scope=Scope(**scope))["scope"].findings[0]  # type: ignore[arg-type]

    assert (
        said(source=ScopeSource.MODEL, everywhere=True) == "Concerns: every page, as the model understood the request"
    )
    many = tuple(f"{n}.html" for n in range(7))
    assert said(source=ScopeSource.OWNER, pages=many).startswith(
        "Concerns: 0.html, 1.html, 2.html, 3.html, 4.html and 2 more"
    )


def test_unasked_fails_and_doubtful_warns() -> None:
    found = checks(Verdict.UNASKED, Verdict.DOUBTFUL)["unasked"]
    assert (found.status, found.findings) == (CheckStatus.FAILED, ("0.html: Text: “a” → “b0”",))
    assert checks(Verdict.DOUBTFUL)["unasked"].status is CheckStatus.WARNING


def test_what_is_still_there_of_the_version_before_fails_too() -> None:
    still = ("still as in version 4: 0.html: Text: “x” → “y”",)
    found = checks(Verdict.DOUBTFUL, still=still)["unasked"]
    assert (found.status, found.findings) == (CheckStatus.FAILED, still)
    assert checks(Verdict.UNASKED, still=still)["unasked"].count == 2


def test_files_are_told_once() -> None:
    found = checks(Verdict.UNASKED, files=("0.html", "style.css"))["unasked"]
    assert found.findings[1:] == ("style.css: changed in its source, and nobody asked for that",)


def test_a_long_list_says_how_much_it_leaves_out() -> None:
    found = checks(*[Verdict.UNASKED] * 25)["unasked"]
    assert (len(found.findings), found.findings[-1], found.count) == (21, "and 5 more", 25)


def test_what_was_asked_for_and_not_done() -> None:
    found = checks(Verdict.UNASKED, missed=("contact.html",))["asked"]
    assert (found.status, found.findings) == (CheckStatus.FAILED, ("Asked for contact.html, which did not change.",))
    assert checks(missed=("contact.html",), did_some=True)["asked"].status is CheckStatus.WARNING
    assert checks(is_unseen=True)["asked"].findings == ("Nothing that anybody can see was changed.",)
