"""What pages say: times, counts, sizes and names as a person says them."""

from datetime import UTC, datetime, timedelta

import pytest

from daemons.model.practice.grammar import read_message
from htmx_ui import links
from htmx_ui.parts import FileCount
from htmx_ui.wording import (
    PHASES,
    PRACTICE_REQUESTS,
    count,
    duration,
    file_counts,
    file_size,
    page_title,
    person,
    problem_result,
    relative_time,
    without_fields,
)
from shared.domain.problem_changes import ProblemChanges
from shared.domain.vocabulary import Phase
from tests.htmx_ui.samples import NEW_PROBLEMS, version

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (7199, "1 hour ago"),
        (86400 * 2, "2 days ago"),
        (86400 * 45, "1 month ago"),
        (86400 * 800, "2 years ago"),
    ],
)
def test_times(seconds: int, words: str) -> None:
    assert relative_time(NOW - timedelta(seconds=seconds), NOW) == words


def test_counts() -> None:
    assert [count(number, "file") for number in (0, 1, 1200)] == ["0 files", "1 file", "1,200 files"]
    assert count(2, "entry") == "2 entries"
    assert count(2, "day") == "2 days"


def test_problems_are_told_as_the_checks_found_them() -> None:
    def told(changes: ProblemChanges, **more: object) -> str:
        return problem_result(version(2, "Make it blue.", problems=changes, **more))

    known, none = NEW_PROBLEMS.old, ProblemChanges(against=1)
    assert told(none) == "no problems found"
    assert told(none, checks=()) == "nothing was checked"
    assert told(ProblemChanges(against=1, old=known)) == "no new problems"
    assert told(ProblemChanges(against=1, new=known)) == "1 new problem"
    assert told(ProblemChanges(against=1, new=known * 2, unlisted=3)) == "at least 2 new problems"


def test_files_that_are_no_pages_are_counted_by_kind() -> None:
    counts = [("picture", "added", 2), ("style sheet", "modified", 1), ("script", "removed", 9)]
    files = [FileCount(*of) for of in counts]
    assert file_counts(files) == "2 new pictures, 1 changed style sheet, 9 gone scripts"


def test_sizes() -> None:
    assert [file_size(size) for size in (9, 12_345, 64_000_000)] == ["9 B", "12 KB", "64 MB"]
    assert [file_size(size) for size in (79_900_000_000, 2_000_000_000_000)] == ["79.9 GB", "2 TB"]


def test_lengths_of_time() -> None:
    assert [duration(seconds) for seconds in (-1, 0.4, 1, 59.9, 60)] == [
        "0 seconds",
        "0 seconds",
        "1 second",
        "59 seconds",
        "1 minute",
    ]
    assert duration(3 * 3600 + 1) == "3 hours"


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("index.html", "Home"),
        ("about-us.html", "About us"),
        ("writing/my-day.html", "Writing / My day"),
        ("blog/index.html", "Blog"),
    ],
)
def test_pages_have_names(path: str, title: str) -> None:
    assert page_title(path) == title


def test_people_have_short_names() -> None:
    assert [person(author) for author in ("mira@example.com", "system")] == ["mira", "system"]


def test_every_phase_has_words() -> None:
    assert set(PHASES) == set(Phase)


@pytest.mark.parametrize("request_text", [text for text in PRACTICE_REQUESTS if text != "help"])
def test_the_practice_model_understands_what_pages_suggest(request_text: str) -> None:
    understood = read_message(request_text)
    assert len(understood.instructions) == 1
    assert not understood.unknown


def test_addresses_are_quoted() -> None:
    assert links.picture("bakery", 2, "a b/ü.html", "phone").endswith("/phone/a%20b/%C3%BC.html")
    assert links.more_sites("a&b=c") == "/sites?after=a%26b%3Dc"


def test_a_hint_for_people_loses_its_fields() -> None:
    assert without_fields("Say which folder is the site (`root`), or “.” to keep all.") == (
        "Say which folder is the site, or “.” to keep all."
    )
    assert without_fields("Run `pagewright doctor` (twice).") == "Run `pagewright doctor` (twice)."
