"""What pages say: times, counts, sizes and names as a person says them."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest

from daemons.model.practice.grammar import read_message
from daemons.worker.checks.verdict import ALWAYS
from htmx_ui import links
from htmx_ui.difference_parts import FileCount
from htmx_ui.sentences import without_fields
from htmx_ui.wording import CHECKS, ENGLISH, PHASES, PRACTICE_REQUESTS, Wording, person, words_of
from shared.domain.manifest import Check, CheckStatus
from shared.domain.problem_changes import ProblemChanges
from shared.domain.vocabulary import Phase
from tests.htmx_ui.samples import CHECKS as CHECKED
from tests.htmx_ui.samples import NEW_PROBLEMS, version

GERMAN = words_of("de")
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
    assert ENGLISH.relative_time(NOW - timedelta(seconds=seconds), NOW) == words


def test_problems_are_told_as_the_checks_found_them() -> None:
    def told(changes: ProblemChanges, words: Wording = ENGLISH, **more: object) -> str:
        return words.found(version(2, "Make it blue.", problems=changes, **more))

    known, none = NEW_PROBLEMS.old, ProblemChanges(against=1)
    assert told(none) == "no problems found"
    assert told(none, checks=()) == "nothing was checked"
    assert told(ProblemChanges(against=1, old=known)) == "no new problems"
    assert told(ProblemChanges(against=1, new=known)) == "1 new problem"
    assert told(ProblemChanges(against=1, new=known * 2, unlisted=3)) == "at least 2 new problems"
    assert told(ProblemChanges(against=1, new=known * 2, unlisted=3), GERMAN) == "mindestens 2 neue Probleme"


def test_what_was_not_looked_at_is_not_called_free_of_problems() -> None:
    unseen = Check(name="pages", status=CheckStatus.WARNING, findings=("Not checked: big.html: it took too long",))
    told = ENGLISH.found(version(2, "Make it blue.", problems=ProblemChanges(against=1), checks=(*CHECKED, unseen)))
    assert told == "no new problems in what was looked at"


def test_files_that_are_no_pages_are_counted_by_kind() -> None:
    counts = [("picture", "added", 1210), ("style sheet", "modified", 1), ("novel", "removed", 9)]
    files = [FileCount(*of) for of in counts]
    assert ENGLISH.file_counts(files) == "1,210 pictures, 1 style sheet, 9 other files"
    assert GERMAN.file_counts(files) == "1.210 Bilder, 1 Gestaltungsdatei, 9 andere Dateien"


@pytest.mark.parametrize(
    ("paths", "english", "german"),
    [
        ("index.html", "Home page changed", "Startseite geändert"),
        ("index.html style.css", "Home page changed", "Startseite geändert"),
        ("about-us.html", "Page “About us” changed", "Seite „About us“ geändert"),
        ("index.html about.html", "2 pages changed", "2 Seiten geändert"),
        ("style.css", "1 file changed", "1 Datei geändert"),
        ("", "No file changed", "Keine Datei geändert"),
    ],
)
def test_what_changed_is_told_by_page(paths: str, english: str, german: str) -> None:
    files = [("modified", path) for path in paths.split()]
    assert (ENGLISH.changed(files), GERMAN.changed(files)) == (english, german)


def test_every_check_that_is_made_has_an_owners_name() -> None:
    """The names stand where findings and checks are made, or a constant: as `check=…` or `name=…` of a `Check`."""
    made = {name for file in Path("daemons/worker").rglob("*.py") for name in names_of_checks(file)}
    assert {*ALWAYS, "base", "import", "agent", "coverage", "encoding", "content", "repair"} <= made | {"base"}
    assert made - CHECKS.keys() == set()


def names_of_checks(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        for keyword in node.keywords if isinstance(node, ast.Call) else ():
            named = (called, keyword.arg) in (("Check", "name"), ("Finding", "check"))
            if named and isinstance(keyword.value, ast.Constant):
                yield str(keyword.value.value)
            if named and isinstance(keyword.value, ast.Name):
                module = import_module(".".join(file.with_suffix("").parts))
                yield from [one for one in [getattr(module, keyword.value.id, None)] if isinstance(one, str)]


def test_sizes() -> None:
    assert [ENGLISH.file_size(size) for size in (9, 12_345, 64_000_000)] == ["9 B", "12 KB", "64 MB"]
    assert [ENGLISH.file_size(size) for size in (79_900_000_000, 2_000_000_000_000)] == ["79.9 GB", "2 TB"]


def test_lengths_of_time() -> None:
    assert [ENGLISH.duration(seconds) for seconds in (-1, 0.4, 1, 59.9, 60)] == [
        "0 seconds",
        "0 seconds",
        "1 second",
        "59 seconds",
        "1 minute",
    ]
    assert ENGLISH.duration(3 * 3600 + 1) == "3 hours"


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
    assert ENGLISH.page_title(path) == title


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


def test_a_hint_for_people_loses_its_fields() -> None:
    assert without_fields("Say which folder is the site (`root`), or “.” to keep all.") == (
        "Say which folder is the site, or “.” to keep all."
    )
    assert without_fields("Run `pagewright doctor` (twice).") == "Run `pagewright doctor` (twice)."
