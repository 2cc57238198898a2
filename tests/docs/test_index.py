"""The index by question: each line leads to code that exists and has what it names, and anchors are headings."""

import re
from pathlib import Path

from tests.test_docs import PAGES
from tests.test_linters import ROOT

INDEX = ROOT / "docs/README.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in INDEX.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| question")
]
LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)")


def headings(page: Path) -> set[str]:
    """The anchors of a page: its headings in small letters, blanks as hyphens, without punctuation."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_it_answers_what_newcomers_ask() -> None:
    questions = [row[0] for row in ROWS]
    assert len(questions) >= 30
    assert len(questions) == len(set(questions))
    assert [question for question in questions if not question.endswith("?")] == []


def test_each_answer_links_to_what_exists() -> None:
    for row in ROWS:
        targets = [target for target, _ in LINK.findall(" ".join(row[1:]))]
        assert targets, f"{row[0]} has no answer"
        assert [target for target in targets if not (INDEX.parent / target).exists()] == []


def test_names_in_an_answer_occur_in_the_linked_files() -> None:
    for question, code, _ in ROWS:
        files = [INDEX.parent / target for target, _ in LINK.findall(code)]
        text = "\n".join(file.read_text(encoding="utf-8") for file in files if file.is_file())
        missing = [name for name in re.findall(r"`(\w+)`", code) if not re.search(rf"\b{name}\b", text)]
        assert missing == [], question


def test_anchors_are_headings() -> None:
    broken = [
        f"{page}: {target}#{anchor}"
        for page in PAGES
        for target, anchor in LINK.findall((ROOT / page).read_text(encoding="utf-8"))
        if anchor and "://" not in target
        if anchor not in headings(ROOT / page.parent / target if target else ROOT / page)
    ]
    assert broken == []
