"""What the status calls a trouble, limit by limit; and that no part's answer, error or silence breaks the report."""

import pytest

from daemons.api.status.problems import problems
from htmx_ui.sentences import Sentences
from shared.domain.host_problem import STORAGE_OLDER
from shared.domain.model_probe import ProbeVerdict
from shared.domain.vocabulary import DamagedRecord
from tests.api.status.samples import (
    ENGLISH_WORDS,
    GB,
    MISSING,
    backups,
    damaged,
    disk,
    host,
    job,
    model,
    probed,
    queue,
    refusing,
    report,
)

REFUSED = (
    "The web host a:1 does not follow storage for s0, s9: storage is older than what it told before, and visitors see "
    "what they saw. Put the newer storage back, or, if the older one is meant, run `pagewright confirm-storage` on "
    "that host."
)


DAMAGED = (
    "Storage can’t read {} of bakery. {} until the file is restored: `pagewright verify` on storage’s machine names "
    "it, docs/backup.md tells where backups are."
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
            {"web_hosts": [refusing("Its disk is full.", "")]},
            ["The web host a:1 is behind with 1 site. Its disk is full."],
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
            {"model": model(1, probed(ProbeVerdict.UNUSABLE))},
            ["The model is not usable, because it did not run a command. `pagewright doctor` tries it again."],
        ),
        ({"model": model(1, probed(ProbeVerdict.SHELL_ONLY))}, []),
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
    german = list(map(Sentences.of("de").told, said))
    assert [text for text in german if ENGLISH_WORDS.search(text)] == []


def test_of_many_damaged_records_a_few_are_named_and_the_rest_counted() -> None:
    many = damaged(*(DamagedRecord(site="bakery", kind="version", number=number) for number in range(1, 9)))
    said = list(problems(report(storage=many)))
    assert len(said) == 6
    assert said[-1] == "And storage can’t read 3 more records at least; `pagewright verify` names all."
    assert not ENGLISH_WORDS.search(Sentences.of("de").told(said[-1]))
