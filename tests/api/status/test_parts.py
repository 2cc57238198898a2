"""What each part said, in words for an operator."""

import pytest

from daemons.api.publishing.web_host import HostAnswer
from daemons.api.status.asking import PartAnswer
from daemons.api.status.parts import about_model, host_part, own_part, part_of, seen_of_model
from daemons.api.status.report import PartName
from shared.domain.errors import Unavailable
from shared.domain.model_facts import ModelFacts
from shared.domain.model_probe import ProbeVerdict
from shared.domain.release import RELEASE
from tests.api.status.samples import model, probed


def test_a_part_that_answers_needs_no_advice() -> None:
    part = part_of(PartName.STORAGE, PartAnswer(1, None, 2.5), "9.9", "All is well.")
    assert (part.up, part.detail, part.hint, part.release, part.milliseconds) == (True, "All is well.", "", "9.9", 2.5)
    assert (own_part().up, own_part().release) == (True, RELEASE)


@pytest.mark.parametrize("name", [name for name in PartName if name is not PartName.API])
def test_a_part_that_is_down_says_where_to_look(name: PartName) -> None:
    part = part_of(name, PartAnswer(None, Unavailable("It is away.", "Try again."), 2000.0), None, "All is well.")
    assert (part.up, part.detail) == (False, "It is away.")
    assert "`" in part.hint, "the operator's command, not the hint for whoever asked"


def test_a_web_host_is_known_by_its_address() -> None:
    silent = host_part(HostAnswer("w:80", answers=False))
    assert (silent.address, silent.up, silent.detail) == ("w:80", False, "The web host does not answer.")
    heard = host_part(HostAnswer("w:80", answers=True, milliseconds=1.5))
    assert (heard.up, heard.detail, heard.hint, heard.milliseconds) == (True, "", "", 1.5)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (None, ""),
        (model(20_000), "m answers; 20,000 of 100 tokens of today are used."),
        (ModelFacts(name="m", practice=False, day_tokens=1), "m answers."),
        (ModelFacts(name="m", practice=True), "The practice model answers."),
    ],
)
def test_the_model_is_named_with_what_it_used(facts: ModelFacts | None, said: str) -> None:
    assert about_model(facts) == said


def test_what_was_seen_of_the_model_is_a_sentence_with_its_time() -> None:
    assert seen_of_model(model(1, probed(ProbeVerdict.SHELL_ONLY))).startswith("Edits by shell only: ")
    assert seen_of_model(model(1, probed(ProbeVerdict.SHELL_ONLY))).endswith("on 2026-11-23 at 12:00 UTC.")
    assert "Nobody has tried yet" in seen_of_model(model(1))
    assert seen_of_model(ModelFacts(name="m", practice=True)) == seen_of_model(None) == ""
