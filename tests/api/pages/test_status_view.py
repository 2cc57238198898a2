"""The report as its page shows it: numbers that are a trouble look like one, and each part says what it is about."""

import pytest

from daemons.api.pages.status_view import part_rows, tiles
from daemons.api.status.parts import HINTS
from daemons.api.status.report import Part, PartName, WebHost
from htmx_ui.sentences import Sentences
from shared.domain.model_facts import ModelFacts
from shared.domain.model_probe import ProbeVerdict
from tests.api.status.samples import ENGLISH_WORDS, GB, MISSING, backups, disk, host, job, model, probed, queue, report

UP = Part(name=PartName.WEB_HOST, address="a:1", up=True)


@pytest.mark.parametrize(
    ("known", "value", "note"),
    [
        (backups(5, 2), "5 hours ago", "of storage and the database"),
        (backups(MISSING, 1), "None yet", "of storage"),
        (backups(MISSING, MISSING), "None yet", "of storage and the database"),
        (backups(None, None), None, "not set up"),
        (backups(None, 1), None, "not set up for storage"),
        (backups(1, 1) | {"storage": None}, None, "storage can’t be asked"),
    ],
)
def test_the_last_backup_is_the_older_of_the_two(known: dict[str, object], value: str | None, note: str) -> None:
    tile = tiles(report(**known))[-1]
    assert (tile.name, tile.value, tile.note) == ("Last backup", value, note)


@pytest.mark.parametrize(
    ("known", "bad"),
    [
        ({"queue": queue(job(5), oldest_seconds=299)} | backups(25, 25), []),
        ({"queue": queue(job(5), oldest_seconds=301)}, ["Waiting"]),
        ({"storage": disk(9 * GB, 100 * GB)}, ["Disk free"]),
        (backups(25, 27), ["Last backup"]),
    ],
)
def test_a_number_that_is_a_trouble_looks_like_one(known: dict[str, object], bad: list[str]) -> None:
    told = report(**({"queue": queue()} | backups(1, 1) | known))
    assert [tile.name for tile in tiles(told) if tile.bad] == bad


def test_a_worker_that_left_its_job_is_not_at_work() -> None:
    running = tiles(report(queue=queue(job(5), job(-1))))[1]
    assert (running.value, running.note) == ("2", "1 worker at work")


def test_a_host_has_nothing_to_show_on_the_first_day() -> None:
    part = Part(name=PartName.WEB_HOST, address="a:1", up=True)
    (row,) = part_rows(report(parts=[part], web_hosts=[WebHost(address="a:1", compared=0)]))
    assert row.notes == ("There is nothing yet that it should show.",)


def test_a_host_is_behind_when_it_does_not_catch_up_by_itself() -> None:
    part = Part(name=PartName.WEB_HOST, address="a:1", up=True)
    rows = [part_rows(report(parts=[part], web_hosts=[host(seconds)]))[0] for seconds in (59, 61)]
    assert [row.state for row in rows] == ["up", "behind"]
    assert rows[1].notes == ("s0 (current) shows nothing, should show 1, for 1 minute.",)


@pytest.mark.parametrize(
    ("facts", "notes"),
    [
        (None, ()),
        (model(1).model_copy(update={"practice": True}), ()),
        (model(1), ("Nobody has tried yet whether it can edit sites; `pagewright doctor` does.",)),
        (
            model(1, probed(ProbeVerdict.SHELL_ONLY)),
            (
                (
                    "Edits by shell only: it read what a command printed; it did not run a command. "
                    "So it was seen on 2026-11-23 at 12:00 UTC."
                ),
            ),
        ),
    ],
)
def test_the_model_is_told_as_it_was_seen_last(facts: ModelFacts | None, notes: tuple[str, ...]) -> None:
    (row,) = part_rows(report(parts=[Part(name=PartName.MODEL, up=True)], model=facts))
    assert row.notes == notes


def test_each_note_has_words_in_german() -> None:
    """Whatever its part said: what no pattern knows would be shown in English."""
    parts = [
        Part(name=name, up=False, detail="The web host does not answer.", hint=hint)
        for name in PartName
        for hint in HINTS.values()
    ]
    behind = host(61, 62, 63, 64, 65, 66, 67)
    hosts = [behind, WebHost(address="a:1", compared=None), WebHost(address="a:1", compared=9)]
    tried = model(1, probed(ProbeVerdict.SHELL_ONLY))
    rows = [row for one in hosts for row in part_rows(report(parts=[*parts, UP], web_hosts=[one], model=tried))]
    shown = [note for row in rows for note in (row.name, *row.notes)]
    reports = (backups(1, 1), backups(MISSING, None), {"queue": queue(job(5))}, {"unfinished_jobs": 2})
    numbers = [tile for known in reports for tile in tiles(report(**known))]
    shown += [text for tile in numbers for text in (tile.name, tile.note)]
    german = Sentences.of("de")
    told = {text: german.told(text) for text in shown}
    assert {text: words for text, words in told.items() if ENGLISH_WORDS.search(words)} == {}
