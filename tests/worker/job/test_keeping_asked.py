"""What nobody asked for is taken out of the newest version, and the answer says what was and what was not."""

import asyncio
from dataclasses import replace

import pytest

from daemons.worker.base import Base
from daemons.worker.changes.asked_part import AskedPart
from daemons.worker.job.keeping_asked import asked_answer, keep_asked
from shared.domain.errors import Conflict, InvalidInput
from shared.domain.manifest import visible_changes_entry
from shared.domain.tree import Tree, compare
from shared.domain.visible_changes import ChangeOf, Verdict, VisibleChange, VisibleChanges
from tests.support.manifests import version_of
from tests.support.storage_process import StorageProcess

BEFORE: Tree = {"index.html": b"<h1>Vier</h1>\n<p>Tel. 123</p>\n", "style.css": b"a{}", "about.html": b"<p>We</p>"}
ASKED: Tree = BEFORE | {"index.html": b"<h1>Offline</h1>\n<p>Tel. 123</p>\n"}
MADE: Tree = BEFORE | {"index.html": b"<h1>Offline</h1>\n<p>Tel. 999</p>\n", "style.css": b"b{}"}


def _text(before: str, after: str, verdict: Verdict) -> VisibleChange:
    return VisibleChange(
        of=ChangeOf.TEXT, before=before, after=after, pages=("index.html",), page_count=1, verdict=verdict
    )


TOLD = VisibleChanges(
    changes=(_text("Tel. 123", "Tel. 999", Verdict.UNASKED), _text("Vier", "Offline", Verdict.ASKED)),
    total=2,
    unasked_files=("style.css",),
)


def _kept(storage: StorageProcess, newest: Tree | None = None, told: VisibleChanges | None = TOLD) -> tuple[Tree, str]:
    """The source that is left of version 2, and the answer; `newest` is version 3 if there is one."""

    async def run() -> tuple[Tree, str]:
        async with storage.client() as client:
            shots = ()
            if told:
                shots = (visible_changes_entry(await client.put_blob(told.model_dump_json().encode())),)
            bases = {
                1: Base(version_of(1), BEFORE),
                2: Base(version_of(2, files=compare(BEFORE, MADE), screenshots=shots), MADE),
            }
            if newest is not None:
                bases[3] = Base(version_of(3), newest)

            async def fetch(number: int) -> Base:
                return bases[number]

            edited = await keep_asked(client, bases[max(bases)], 2, fetch)
        return edited.source, edited.answer

    return asyncio.run(run())


def test_of_the_newest_version_the_asked_part_is_left(storage: StorageProcess) -> None:
    source, answer = _kept(storage)
    assert source == ASKED
    assert answer.splitlines() == [
        "Of the change of version 2, what nobody asked for is taken back.",
        "As before: style.css",
        "In part as before: index.html",
    ]


def test_what_a_later_version_did_elsewhere_stays(storage: StorageProcess) -> None:
    assert _kept(storage, MADE | {"about.html": b"<p>All of us</p>"})[0] == ASKED | {"about.html": b"<p>All of us</p>"}
    assert _kept(storage, ASKED)[0] == ASKED, "it is taken back already"


def test_a_file_that_a_later_version_changed_is_named(storage: StorageProcess) -> None:
    with pytest.raises(Conflict) as refused:
        _kept(storage, MADE | {"style.css": b"c{}"})
    assert "(style.css)" in refused.value.detail


def test_a_version_that_nobody_compared_is_refused(storage: StorageProcess) -> None:
    with pytest.raises(InvalidInput, match="was not compared"):
        _kept(storage, told=None)


def test_where_nothing_is_unasked_nothing_is_taken_back(storage: StorageProcess) -> None:
    told = TOLD.model_copy(update={"changes": TOLD.changes[1:], "unasked_files": ()})
    assert _kept(storage, told=told) == (MADE, "In version 2 nothing is known that nobody asked for.")


def test_what_could_not_be_taken_back_is_said() -> None:
    part = AskedPart({}, whole=("a.css",), mixed=("index.html",), left=TOLD.changes[:1] * 7)
    lines = asked_answer(4, part).splitlines()
    assert lines[1] == "As before: a.css"
    assert lines[2] == "Not taken back: index.html: The page: “Tel. 123” → “Tel. 999”"
    assert lines[-2:] == ["Not taken back: 2 more changes", "Something nobody asked for may be left in: index.html"]
    assert "could not be told apart" in asked_answer(4, replace(part, whole=())).splitlines()[0]
