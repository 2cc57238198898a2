"""The documentation says what the code does."""

import re
import subprocess
from pathlib import Path

from docs.settings_page import PAGE, page
from tests.test_linters import ROOT, tracked_files

PAGES = [file for file in tracked_files() if file.suffix == ".md"]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
COMMAND = re.compile(r"`make ([a-z-]+)")
DIFF = re.compile(r"^```diff\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_the_settings_page_is_what_the_settings_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"


def test_every_make_command_in_the_documentation_exists() -> None:
    named = {(file, name) for file in PAGES for name in COMMAND.findall((ROOT / file).read_text(encoding="utf-8"))}
    assert {(file, name) for file, name in named if name not in make_targets()} == set()


def test_make_help_lists_every_target() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert phony
    done = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True, timeout=30)
    assert {line.split()[1] for line in done.stdout.splitlines()} == set(phony.group(1).split())


def test_links_lead_somewhere() -> None:
    broken = [
        f"{file}: {link}"
        for file in PAGES
        for link in LINK.findall(DIFF.sub("", (ROOT / file).read_text(encoding="utf-8")))
        if not (ROOT / file.parent / Path(link)).exists()
    ]
    assert broken == []


def test_the_changes_that_a_page_shows_apply_to_the_code() -> None:
    """If yours moved their place, take it up in the page: `git diff -U2` of the change made anew."""
    changes = [(file, change) for file in PAGES for change in DIFF.findall((ROOT / file).read_text(encoding="utf-8"))]
    assert len(changes) >= 4
    command = ["git", "-c", f"safe.directory={ROOT}", "apply", "--check", "-"]
    for file, change in changes:
        done = subprocess.run(command, cwd=ROOT, input=change, capture_output=True, text=True, check=False, timeout=30)
        assert done.returncode == 0, f"{file} shows a change that no longer applies: {done.stderr}"


def test_decisions_tell_what_they_cost() -> None:
    for file in PAGES:
        if file.parent == Path("docs/decisions"):
            assert "Negative consequences" in (ROOT / file).read_text(encoding="utf-8"), f"{file} tells only the good"
