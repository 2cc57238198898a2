"""Rows that are kept are those that would be made anew: whatever they show is in their key."""

from dataclasses import fields, replace
from datetime import datetime, timedelta

import pytest

from htmx_ui.kept_rows import KeptRows, turn_key, version_key
from htmx_ui.parts import Turn, VersionView
from htmx_ui.render import render
from htmx_ui.site_list_parts import SiteCard
from htmx_ui.wording import ENGLISH
from shared.domain.job_outcome import JobOutcome
from shared.domain.problem_changes import ProblemChanges
from shared.domain.vocabulary import Failure, JobKind, JobState
from tests.htmx_ui.samples import FAILED, NOW, SITES, STEPS, VERSIONS, site, turn, version


def test_as_many_are_kept_as_fit_the_last_used_ones() -> None:
    made: list[str] = []

    def make(row: str) -> str:
        made.append(row)
        return row

    rows = KeptRows(ENGLISH, most_characters=10)
    for row in ("aaaa", "bbbb", "aaaa", "cccc", "aaaa", "bbbb"):
        assert rows.row(row, lambda row=row: make(row)) == row
    assert made == ["aaaa", "bbbb", "cccc", "bbbb"]
    assert rows.row(None, lambda: make("dddd")) == "dddd"
    assert rows.row(None, lambda: make("dddd")) == "dddd"
    assert made[-2:] == ["dddd", "dddd"], "without a key"


def signed(view: VersionView) -> VersionView:
    return replace(view, record=f"signature of {view.number}")


def ended(**more: object) -> Turn:
    values = {"job": "0" * 28, "kind": JobKind.EDIT, "message": "Make it blue.", "author": "mira@example.com"}
    values |= {"at": NOW, "state": JobState.SUCCEEDED, "version": signed(version(3, "Make it blue."))}
    return Turn(**(values | more))


# Every field of a view that a row shows and that its record does not fix.
_FLAGS = {"in_preview", "published", "newest", "shown", "late"}
_OF_THE_RECORD = {"number", "parent", "kind", "message", "author", "at", "files", "checks", "picture", "record"}
_OF_THE_RECORD |= {"is_seen"}


def test_every_field_of_a_version_is_in_its_key_or_in_its_record() -> None:
    view = signed(version(3, "Make it blue."))
    assert {field.name for field in fields(VersionView)} == _FLAGS | _OF_THE_RECORD | {"problems"}
    others = [replace(view, **{flag: not getattr(view, flag)}) for flag in _FLAGS]
    compared = replace(view, problems=ProblemChanges(against=2))
    keys = {version_key(one) for one in (view, *others, replace(view, record="other"), compared)}
    assert len(keys) == len(_FLAGS) + 3
    assert version_key(replace(view, record="")) is None


def test_every_field_of_a_request_that_has_ended_is_in_its_key() -> None:
    changes: dict[str, object] = {
        "job": "1" * 28, "kind": JobKind.RESTORE, "message": "Make it red.", "author": "ana@example.org",
        "at": NOW - timedelta(seconds=1), "state": JobState.FAILED, "steps": ("Read index.html",), "answer": "Done.",
        "error": Failure(detail="No."), "version": None, "outcome": JobOutcome.CHANGED, "can_retry": False,
        "attachments": ("menu.pdf",), "edits": 1,
    }  # fmt: skip
    of_active_ones = {"phase", "stopping", "waiting_for", "waits", "earlier", "later", "editing"}
    assert changes.keys() | of_active_ones == {field.name for field in fields(Turn)}
    turns = [ended(), *(ended(**{name: value}) for name, value in changes.items())]
    assert len({turn_key("bakery", turn, "just now") for turn in turns}) == len(turns)
    assert turn_key("bakery", ended(), "just now") != turn_key("cafe", ended(), "just now")
    assert turn_key("bakery", ended(), "just now") != turn_key("bakery", ended(), "2 minutes ago")
    assert turn_key("bakery", ended(state=JobState.RUNNING), "just now") is None
    assert turn_key("bakery", ended(version=version(3, "Make it blue.")), "just now") is None


@pytest.mark.parametrize("minutes", [0, 90])
@pytest.mark.parametrize("current", [None, 1, 2, 7])
def test_a_page_of_kept_rows_is_the_page(current: int | None, minutes: int) -> None:
    """Rendered again, by another time and with another public version, it is as if nothing had been kept."""
    views = tuple(replace(view, published=view.number == current, late=current == 2) for view in VERSIONS)
    failed = replace(views[1], checks=FAILED)
    turns = (
        turn(1, "Use a darker red", version=views[3], answer="It is darker.", steps=STEPS),
        turn(2, "Add a link", JobState.FAILED, error=Failure(detail="No <b>.", hint="Try again.")),
        turn(3, "Add a link to the menu", version=failed),
        turn(4, "And now", JobState.RUNNING),
    )
    plain = site(versions=views, turns=turns)
    plain = replace(plain, publication=replace(plain.publication, current=current))
    kept = replace(
        plain,
        versions=tuple(map(signed, views)),
        turns=tuple(replace(one, version=one.version and signed(one.version)) for one in turns),
    )
    now = NOW + timedelta(minutes=minutes)
    assert render(kept, now) == render(plain, now)
    assert render(kept, now) == render(plain, now)


def test_two_kinds_of_rows_of_a_request_are_not_taken_for_each_other() -> None:
    """The chat's have a label and an outcome; what a macro makes is kept under its name."""

    class Row:
        def __init__(self, name: str) -> None:
            self.name = name

        def __call__(self, *_: object) -> str:
            return f"made by {self.name}"

    rows = KeptRows(ENGLISH)
    for name in ("article", "turn_body", "article"):
        assert rows.turn(Row(name), "zoo", ended(), NOW) == f"made by {name}"


def test_a_card_of_a_site_is_made_anew_when_anything_on_it_changes() -> None:
    made: list[object] = []

    class Card:
        name = "site_card"

        def __call__(self, *values: object) -> str:
            made.append(values)
            return str(len(made))

    rows, card = KeptRows(ENGLISH), SITES[0]
    shown = [card, card, replace(card, waiting="failed"), replace(card, published=5), card]

    def row(
        card: SiteCard, heading: str = "h2", at: datetime = NOW, *, arranging: bool = False, picked: bool = False
    ) -> str:
        return rows.site(Card(), card, heading, at, arranging=arranging, picked=picked)

    assert [row(one) for one in shown] == ["1", "1", "2", "3", "1"]
    assert row(card, "h3") == "4"
    assert row(card, arranging=True) == "5"
    assert row(card, arranging=True, picked=True) == "6"
    assert row(card, at=NOW + timedelta(hours=2)) == "7"
