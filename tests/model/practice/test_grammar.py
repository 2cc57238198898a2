"""The grammar: what people write becomes instructions, and whatever they write never breaks it."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from daemons.model.practice.grammar import read_message
from daemons.model.practice.instructions import (
    AddPage,
    AddSection,
    ChangeColour,
    ChangeLink,
    Instruction,
    PutAttached,
    RemovePage,
    ReplaceFile,
    ReplaceText,
    SetHeadline,
    SetTitle,
)
from daemons.model.practice.planning import ABILITIES
from tests.support.growth import costs_in_proportion

UNDERSTOOD: dict[str, Instruction] = {
    'Replace "A" with "B"': ReplaceText(old="A", new="B", page=None),
    "replace “A” by “B” on about.html, thanks!": ReplaceText(old="A", new="B", page="about.html"),
    'Please change the text "A" on "About us" to "B".': ReplaceText(old="A", new="B", page="About us"),
    "Replace 'It's nice' with ''": ReplaceText(old="It's nice", new="", page=None),
    "replace «A» with „B“ on all pages": ReplaceText(old="A", new="B", page=None),
    'Could you swap "A" for "B"?': ReplaceText(old="A", new="B", page=None),
    'Set the title of about.html to "Hi. There"': SetTitle(text="Hi. There", page="about.html"),
    'Change the page title to "X" on the home page': SetTitle(text="X", page="the home page"),
    'Change the headline to "X"': SetHeadline(text="X", page=None),
    'SET THE HEADING OF THE CONTACT PAGE TO "X"': SetHeadline(text="X", page="THE CONTACT PAGE"),
    "make the background light blue": ChangeColour(part="background", colour="lightblue"),
    "Change the background colour to #F80.": ChangeColour(part="background", colour="#f80"),
    "I'd like to set the text color to rgb(1, 2, 3)": ChangeColour(part="text", colour="rgb(1, 2, 3)"),
    'set the accent colour of my site to "Navy"': ChangeColour(part="accent", colour="navy"),
    'Add a page "Menu" with the text "Soup.\n\nBread; butter"': AddPage(title="Menu", text="Soup.\n\nBread; butter"),
    'create a new page called Our menu saying: "Soup"': AddPage(title="Our menu", text="Soup"),
    'Please add a page "Menu".': AddPage(title="Menu", text=""),
    "Remove the page about.html": RemovePage(page="the page about.html"),
    'Delete "About us"': RemovePage(page="About us"),
    "delete the about page please": RemovePage(page="the about page"),
    'Add a section "Team" to about.html with the text "We"': AddSection(heading="Team", text="We", page="about.html"),
    'Add a new section Team: "We"': AddSection(heading="Team", text="We", page=None),
    'Change the link "Contact" to "https://a.example/c?d=e"': ChangeLink(
        label="Contact", address="https://a.example/c?d=e", page=None
    ),
    "Put the picture on the home page\n\n📎 oven. at dawn.jpg": PutAttached(page="the home page"),
    "Please add these photos to about.html": PutAttached(page="about.html"),
    "Show the attached image": PutAttached(page=None),
    "Replace menu.pdf by the attached file.": ReplaceFile(old="menu.pdf"),
    'Swap the file "images/a b.png" for the new one': ReplaceFile(old="images/a b.png"),
    "Put the new menu.pdf on the site": ReplaceFile(old="menu.pdf"),
    'Point the link "Mail" to mailto:a@b.example': ChangeLink(label="Mail", address="mailto:a@b.example", page=None),
    'Change the link "C" on about.html to contact.html': ChangeLink(
        label="C", address="contact.html", page="about.html"
    ),
}


@pytest.mark.parametrize("message", UNDERSTOOD)
def test_one_sentence(message: str) -> None:
    understood = read_message(message)
    assert understood.instructions == (UNDERSTOOD[message],)
    assert understood.unknown == ()


NOT_UNDERSTOOD = [
    "",
    "help",
    "Make it pop",
    "Change the background to blurple",
    "Change the background to red} body { display: none",
    "Set the accent colour to url(https://evil.example)",
    'Replace "" with "B"',
    'Replace "A"',
    "Add a page",
    "Replace A with B",
]


@pytest.mark.parametrize("message", NOT_UNDERSTOOD)
def test_nothing_is_guessed(message: str) -> None:
    assert read_message(message).instructions == ()


def test_several_sentences_in_order() -> None:
    understood = read_message(
        'Could you replace "a. b; c" with "b" and then set the title to "c"? Make it pop.\nDelete "x"! Thank you.'
    )
    assert understood.instructions == (
        ReplaceText(old="a. b; c", new="b", page=None),
        SetTitle(text="c", page=None),
        RemovePage(page="x"),
    )
    assert understood.unknown == ("Make it pop",)


QUOTABLE = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters='"\ue000\ue001'), min_size=1)


@given(old=QUOTABLE, new=QUOTABLE)
@example(old="X' with 'Y", new="on about.html")
@example(old="“", new="then. and then\n")
def test_what_is_quoted_arrives_exactly(old: str, new: str) -> None:
    understood = read_message(f'Replace "{old}" with "{new}"')
    assert understood.instructions == (ReplaceText(old=old, new=new, page=None),)


@given(st.text(st.characters(blacklist_categories=("Cs",)), max_size=300))
def test_any_message_can_be_read(message: str) -> None:
    read_message(message)


PHRASES = "replace|the|page|link|to|add|section|about.html|colour|on|title|of|remove|please|red|and then|text|“|'|."
WORDS = st.sampled_from(['"a"', *PHRASES.split("|")])


@given(st.lists(WORDS, max_size=60).map(" ".join))
def test_odd_sentences_are_read_quickly(message: str) -> None:
    read_message(message * 20)


@pytest.mark.parametrize(
    "piece",
    ["“", "«", " 'a", "a'a", "('", "‘", ",", " ,", ", please", "please ", "then ", " and then", "x", " ", "change. "],
)
def test_reading_takes_no_longer_than_the_message(piece: str) -> None:
    """What is beyond a message's length is not read."""
    assert costs_in_proportion(lambda size: read_message("replace " + piece * (size // len(piece))), 9_000_000)


def test_the_documentation_shows_what_is_understood() -> None:
    page = Path(__file__).parents[3].joinpath("docs/practice-model.md").read_text(encoding="utf-8")
    examples = [line for block in re.findall(r"```practice\n(.*?)```", page, re.DOTALL) for line in block.splitlines()]
    assert len(examples) > 12
    for sentence in [*examples, *(line.removeprefix("- ") for line in HELP_EXAMPLES)]:
        understood = read_message(sentence)
        assert len(understood.instructions) == 1, sentence
        assert understood.unknown == (), sentence


HELP_EXAMPLES = [line.partition(" (")[0] for line in ABILITIES.splitlines() if line.startswith("- ")]
