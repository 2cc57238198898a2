"""Sentences of the api and of other daemons are told in an owner's words: known ones by pattern, others as they are."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemons.worker.importing.report import ImportReport, Note, Topic
from daemons.worker.importing.root import Reason
from htmx_ui.languages import LANGUAGES, sentences_of, texts_of
from htmx_ui.sentences import Pattern, Sentences
from shared.domain import errors
from shared.domain.older_base import base_checks
from tests.product_files import FILES, parsed
from tests.support.growth import costs_in_proportion

# Where sentences are written that an owner can meet, and in there what only programs and operators meet.
_OWNERS_MEET = (
    "daemons/api/accounts daemons/api/jobs daemons/api/middleware.py daemons/api/pages daemons/api/publishing"
    " daemons/api/sites daemons/deployer/releasing.py daemons/deployer/site_deployer.py daemons/model/budgets.py"
    " daemons/storage/address_book.py daemons/storage/address_log.py"
    " daemons/model/endpoint.py daemons/worker shared/clients shared/domain/archive.py"
    " shared/domain/attachment_kinds.py shared/domain/attachments.py shared/domain/home_page_check.py"
    " shared/domain/host_problem.py shared/domain/job_outcome.py shared/domain/older_base.py shared/domain/problem.py"
    " shared/domain/problem_changes.py shared/domain/site_address.py shared/domain/tree.py shared/domain/unreadable.py"
).split()
_OPERATORS_ONLY = (
    "daemons/api/accounts/idempotency.py daemons/api/accounts/operator_command.py daemons/api/accounts/credentials.py"
    " daemons/api/accounts/letters.py daemons/api/pages/status_view.py daemons/api/sites/orphans.py"
    " daemons/worker/codex/config.py daemons/worker/codex/attached_files.py daemons/worker/codex/concerns.py"
    " daemons/worker/sandbox daemons/worker/model_relay/http_exchange.py"
).split()
_ERRORS = {name for name, value in vars(errors).items() if isinstance(value, type)}
_SENTENCE = re.compile(r"[A-Z{“].* .*\.", re.DOTALL)
# What no owner should have to read.
_INSIDE_WORDS = re.compile(
    r"PAGEWRIGHT_|`|\b(?:slot|archive|fence|manifest|daemon|journal|NUL|artifact|token|queue)s?\b"
)
_VALUE = "Zebra7"
# Fewer are no sentence but a frame for some, which have patterns of their own.
_FEWEST_LETTERS = 8


def sentences_for_owners() -> Iterator[str]:
    """Every sentence that is written in these files, with a value at each of its places."""
    for file in FILES:
        if _is_in(file, _OWNERS_MEET) and not _is_in(file, _OPERATORS_ONLY):
            yield from _sentences(parsed(file))


def _is_in(file: Path, places: list[str]) -> bool:
    return any(file.is_relative_to(place) for place in places)


def _sentences(tree: ast.Module) -> Iterator[str]:
    left_out: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            left_out.add(id(node.body[0].value) if isinstance(node.body[0], ast.Expr) else 0)
        is_told_to_operators = isinstance(node, ast.Call) and ast.unparse(node.func).startswith(
            ("_log.", "Field", "computed_field")
        )
        if is_told_to_operators or isinstance(node, ast.JoinedStr):
            left_out |= {id(inner) for inner in ast.walk(node) if inner is not node}
    for node in ast.walk(tree):
        text = _text(node) if id(node) not in left_out else ""
        if _SENTENCE.fullmatch(text) and len(re.findall(r"[a-z]", text.replace(_VALUE, ""))) > _FEWEST_LETTERS:
            yield text


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or _VALUE for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


@pytest.fixture(scope="module")
def german() -> Sentences:
    return Sentences.of("de")


@pytest.fixture(scope="module")
def english() -> Sentences:
    return Sentences.of("en")


def test_every_sentence_that_an_owner_can_meet_is_told_in_german(german: Sentences) -> None:
    found = set(sentences_for_owners())
    assert len(found) > 250
    assert sorted(text for text in found if german.told(text) == text) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_owner_reads_a_word_of_the_inside(language: str) -> None:
    told = map(Sentences.of(language).told, sentences_for_owners())
    assert sorted({text for text in told if _INSIDE_WORDS.search(text)}) == []


def test_every_failure_has_a_next_step() -> None:
    """An error that is raised where owners meet it has a hint, or hands one on."""
    for file in FILES:
        if _is_in(file, _OWNERS_MEET) and not _is_in(file, _OPERATORS_ONLY):
            for node in ast.walk(parsed(file)):
                if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                    name = ast.unparse(node.exc.func)
                    parts = [*node.exc.args, *node.exc.keywords]
                    is_ours = name in _ERRORS and any(_text(part) for part in node.exc.args[:1])
                    assert not is_ours or len(parts) > 1, f"{file}:{node.lineno} {name} tells no next step"


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_have_the_places_of_their_sentence(language: str) -> None:
    for sentence, words in sentences_of(language).items():
        assert words
        assert set(re.findall(r"\{\w*\}", words)) <= set(re.findall(r"\{[a-z]+\}", sentence)), sentence


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("index.html: the link menu.html leads nowhere", "index.html: der Link menu.html führt nirgendwohin"),
        (
            "already in version 3: index.html: the image a.png leads nowhere",
            "schon in Version 3: index.html: das Bild a.png fehlt",
        ),
        ("Not checked: big.html: the browser did not survive the page", None),
        ("and 1,481 more", "und 1.481 weitere"),
        ("1,204", "1.204"),
        ("Its disk is full. An operator has to free space there; then it goes live by itself.", None),
        ("The web server does not show version 3 yet: its disk is full.", None),
        ("Reading the site: index.html, about.html", "Liest die Website: index.html, about.html"),
    ],
)
def test_values_may_be_sentences_themselves(german: Sentences, sentence: str, words: str | None) -> None:
    told = german.told(sentence)
    assert told == (words or told)
    assert not re.search(r"\b(?:the|is|of|and|does|checked)\b", told)


def test_english_sentences_are_read_as_a_whole_too(english: Sentences) -> None:
    told = english.told("Nothing was changed, because all 3 commands of the agent failed.")
    assert told == "Nothing was changed, because none of the agent’s 3 steps worked."
    assert english.told("Not checked: index.html: the image a.png leads nowhere") == (
        "Not looked at: index.html: the picture a.png is missing"
    )


def test_whole_reports_are_told(german: Sentences) -> None:
    notes = tuple(Note(topic=topic, count=25, names=("a.html", "b.html")) for topic in Topic)
    report = ImportReport(files=1210, root="site", reason=Reason.BUILT, notes=notes)
    base = [finding for check in base_checks(3, 5) for finding in check.findings]
    for line in (*report.answer().split("\n"), *report.check().findings, *base):
        assert not re.search(r"\b(?:the|is|of|and|because|with|more)\b", german.told(line)), line


@pytest.mark.parametrize("text", ["Quite another sentence.", "", "Zwölf Boxkämpfer", "{page} {0} %(num)s", "a\n\nb"])
def test_what_is_not_known_is_told_as_it_is(german: Sentences, text: str) -> None:
    assert german.told(text) == text


def test_the_sentence_that_fixes_more_is_meant() -> None:
    known = {"{a} is {b}.": "short", "The page {a} is {b}.": "long: {a}", "The page is new.": "exact"}
    told = Sentences(known, texts_of("en")).told
    assert [told(text) for text in ("It is old.", "The page x is old.", "The page is new.")] == [
        "short",
        "long: x",
        "exact",
    ]


def test_values_are_taken_as_they_are() -> None:
    assert Pattern.of("the link {a} leads {b}").values("the link {b} leads {0} leads on") == {
        "a": "{b}",
        "b": "{0} leads on",
    }
    assert Pattern.of("{a}: {b}").values(": x") is None
    assert Sentences({"say {a}": "sage {a}"}, texts_of("de")).told("say {a.__class__} %s") == "sage {a.__class__} %s"


@pytest.mark.parametrize(
    "piece", [": ", "the link ", " leads nowhere", "already in version 3: ", "Made by a program: ", ". A"]
)
def test_hostile_sentences_cost_little(german: Sentences, piece: str) -> None:
    assert costs_in_proportion(lambda size: german.told(piece * size), 20_000)
