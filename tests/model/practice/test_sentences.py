"""A message is cut into sentences; what is quoted is never read as grammar."""

import pytest

from daemons.model.practice.sentences import read_sentences


@pytest.mark.parametrize(
    ("message", "sentences"),
    [
        ("Do this. Do that; and then stop!", ["Do this", "Do that", "stop"]),
        ("Please could you do this, thanks", ["do this"]),
        ('Say "Stop. Then go." on about.html', ["Say “Stop. Then go.” on about.html"]),
        ("Don't touch it", ["Don't touch it"]),
        ("", []),
        (" . ; ", []),
    ],
)
def test_sentences_end_outside_of_quotes_only(message: str, sentences: list[str]) -> None:
    assert [sentence.text(sentence.pattern) for sentence in read_sentences(message)] == sentences


@pytest.mark.parametrize("quoted", ['"a “b"', "“a”", "„a“", "«a»", "'it's'", "‘a’"])
def test_every_kind_of_quote_is_set_aside(quoted: str) -> None:
    (sentence,) = read_sentences(f"say {quoted}")
    assert sentence.text(sentence.pattern.removeprefix("say ")) == quoted[1:-1]
