"""What the status calls a trouble, limit by limit; and that no part's answer, error or silence breaks the report."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from daemons.api.database.connection import open_database
from daemons.api.pages.status_view import part_rows, tiles
from daemons.api.status.asking import ask
from daemons.api.status.history import recent_history
from daemons.api.status.model_facts import ModelFacts
from daemons.api.status.problems import problems
from daemons.api.status.report import Lag, Part, PartName, QueueReport, StatusReport, WebHost
from shared.domain.errors import Conflict, PageWrightError
from shared.domain.host_problem import STORAGE_OLDER
from shared.domain.job_records import RunningJob
from shared.domain.model_probe import ModelProbe, Verdict
from shared.domain.vocabulary import DamagedRecord, Slot, StorageStatus, new_id

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
GB = 1_000_000_000
MISSING = -1
REFUSED = (
    "The web host a:1 does not follow storage for s0, s9: storage is older than what it told before, and visitors see "
    "what they saw. Put the newer storage back, or, if the older one is meant, run `pagewright confirm-storage` on "
    "that host."
)


DAMAGED = (
    "Storage can’t read {} of bakery. {} until the file is restored: `pagewright verify` on storage’s machine names "
    "it, docs/backup.md tells where backups are."
)


def report(**more: object) -> StatusReport:
    nothing: dict[str, object] = dict.fromkeys(StatusReport.model_fields) | {"database_backups_watched": False}
    return StatusReport.model_validate(nothing | {"at": NOW, "troubles": [], "parts": [], "web_hosts": []} | more)


def queue(*jobs: RunningJob, oldest_seconds: float = 0) -> QueueReport:
    queued = int(oldest_seconds > 0)
    return QueueReport(
        queued=queued,
        running=len(jobs),
        oldest_seconds=oldest_seconds,
        dead=3,
        expired=2,
        redis="Redis 7.0.15",
        jobs=list(jobs),
    )


def job(lease_seconds: float) -> RunningJob:
    return RunningJob(
        job=new_id(),
        site="bakery",
        worker="w1" if lease_seconds < 0 else "w2",
        attempt=1,
        claimed_at=NOW,
        phase=None,
        cancel_asked=False,
        lease_seconds=lease_seconds,
    )


def disk(free: int, size: int) -> StorageStatus:
    return StorageStatus(release="1", sites=1, disk_free_bytes=free, disk_size_bytes=size)


def damaged(*records: DamagedRecord) -> StorageStatus:
    return disk(11 * GB, 100 * GB).model_copy(update={"damaged": records})


def backups(*hours: float | None) -> dict[str, object]:
    """What is known of those of storage and of the database: their age, MISSING, or None if they are not watched."""
    storage, database = (
        {"backups_watched": age is not None, "backup_at": NOW - timedelta(hours=age) if age and age > 0 else None}
        for age in hours
    )
    known: dict[str, object] = {f"database_{name}": value for name, value in database.items()}
    return known | {"storage": disk(11 * GB, 100 * GB).model_copy(update=storage)}


def model(used: int, probe: ModelProbe | None = None) -> ModelFacts:
    return ModelFacts(name="m", practice=False, day_tokens=used, day_budget_tokens=100, probe=probe)


def probed(verdict: Verdict) -> ModelProbe:
    return ModelProbe(at=NOW, verdict=verdict, done=("it read",), missed=("it did not write",))


def host(*seconds: float) -> WebHost:
    lags = [
        Lag(site=f"s{place}", slot=Slot.CURRENT, shows=None, should_show=1, since=NOW - timedelta(seconds=late))
        for place, late in enumerate(seconds)
    ]
    return WebHost(address="a:1", compared=9, behind=tuple(lags))


def refusing(*reasons: str) -> WebHost:
    """A host that says at once why it can't show what was asked for just now."""
    lags = zip(host(*(1 for _ in reasons)).behind, reasons, strict=True)
    return WebHost(
        address="a:1", compared=9, behind=tuple(lag.model_copy(update={"reason": reason}) for lag, reason in lags)
    )


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({}, []),
        ({"web_hosts": [host(1)]}, []),
        (
            {"web_hosts": [refusing("Its disk is full.", "Its disk is full.")]},
            ["The web host a:1 is behind with 2 sites. Its disk is full."],
        ),
        (
            {"web_hosts": [refusing("It is signed by nobody.", "")]},
            ["The web host a:1 is behind with 1 site. It is signed by nobody."],
        ),
        ({"queue": queue(job(5), oldest_seconds=299)}, []),
        (
            {"queue": queue(job(5), oldest_seconds=301)},
            ["A job has been waiting for more than 5 minutes."],
        ),
        (
            {"queue": queue(oldest_seconds=301)},
            ["A job has been waiting for more than 5 minutes. No worker is at work."],
        ),
        (
            {"queue": queue(job(-1))},
            ["Worker w1 has left its job for bakery, and no other worker has taken it over."],
        ),
        ({"storage": disk(11 * GB, 100 * GB), "model": model(80)}, []),
        ({"storage": disk(9 * GB, 100 * GB)}, ["Storage’s disk is nearly full."]),
        ({"storage": disk(GB - 1, 5 * GB)}, ["Storage’s disk is nearly full."]),
        ({"storage": disk(11 * GB, 100 * GB), "sites": 1}, []),
        (
            {"storage": disk(11 * GB, 100 * GB), "sites": 0},
            ["A site in storage has no owner; `pagewright site orphans` names it."],
        ),
        ({"model": model(81)}, ["81% of the model’s tokens for today are used."]),
        (
            {"model": model(1, probed(Verdict.UNUSABLE))},
            ["The model is not usable, because it did not write. `pagewright doctor` tries it again."],
        ),
        ({"model": model(1, probed(Verdict.SHELL_ONLY))}, []),
        (backups(25, 25), []),
        (backups(25, 27), ["The newest backup of the database is more than 26 hours old."]),
        (backups(27, None), ["The newest backup of storage is more than 26 hours old."]),
        (backups(None, None), []),
        (backups(MISSING, 1), ["There is no backup of storage yet."]),
        (backups(1, MISSING), ["There is no backup of the database yet."]),
        ({"web_hosts": [host(), host(59)]}, []),
        ({"web_hosts": [host(61, 59)]}, ["The web host a:1 is behind with 1 site."]),
        (
            {"web_hosts": [refusing(STORAGE_OLDER, "Its disk is full.").model_copy(update={"refused": ("s0", "s9")})]},
            [
                "The web host a:1 is behind with 1 site. Its disk is full.",
                REFUSED,
            ],
        ),
        (
            {"storage": damaged(DamagedRecord(site="bakery", kind="version", number=3))},
            [DAMAGED.format("version 3", "That version can’t be shown, compared or worked on")],
        ),
        (
            {"storage": damaged(DamagedRecord(site="bakery", kind="fence"))},
            [DAMAGED.format("the fence", "The site may not be changed or published")],
        ),
        ({"web_hosts": [host(61, 600)]}, ["The web host a:1 is behind with 2 sites."]),
    ],
)
def test_what_is_a_trouble(known: dict[str, object], said: list[str]) -> None:
    assert list(problems(report(**known))) == said


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


def test_of_many_damaged_records_a_few_are_named_and_the_rest_counted() -> None:
    many = damaged(*(DamagedRecord(site="bakery", kind="version", number=number) for number in range(1, 9)))
    said = list(problems(report(storage=many)))
    assert len(said) == 6
    assert said[-1] == "And storage can’t read 3 more records at least; `pagewright verify` names all."


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
            model(1, probed(Verdict.SHELL_ONLY)),
            ("Edits by shell only: it read; it did not write. So it was seen on 2026-11-23 at 12:00 UTC.",),
        ),
    ],
)
def test_the_model_is_told_as_it_was_seen_last(facts: ModelFacts | None, notes: tuple[str, ...]) -> None:
    (row,) = part_rows(report(parts=[Part(name=PartName.MODEL, up=True)], model=facts))
    assert row.notes == notes


def test_every_answer_is_an_answer() -> None:
    async def fine() -> int:
        return 7

    async def refuse() -> int:
        raise Conflict("That does not fit.", "Look again.")

    async def break_down() -> int:
        raise RuntimeError("secret inside")

    async def hang() -> int:
        await asyncio.sleep(60)
        return 1

    async def run() -> None:
        started = time.monotonic()
        good, bad, broken, late = await asyncio.gather(
            *(ask("It", question()) for question in (fine, refuse, break_down, hang))
        )
        assert time.monotonic() - started < 10
        assert (good.value, good.error) == (7, None)
        assert isinstance(bad.error, Conflict)
        assert type(broken.error) is PageWrightError
        assert "secret" not in broken.error.detail + broken.error.hint
        assert late.error and late.error.detail == "It did not answer within 2 seconds."
        assert late.milliseconds >= 2000

    asyncio.run(run())


def test_a_database_that_breaks_is_told_and_nothing_is_raised(tmp_path: Path) -> None:
    async def run() -> None:
        async with open_database(f"sqlite:///{tmp_path}/api.sqlite") as database:
            told = await ask("The database", recent_history(database))
            assert told.value and told.value.publications == []
            async with database.writing() as connection:
                await connection.execute(text("DROP TABLE audit"))
            told = await ask("The database", recent_history(database))
            assert told.value is None
            assert told.error and told.error.detail == "The database can't be used right now."

    asyncio.run(run())
