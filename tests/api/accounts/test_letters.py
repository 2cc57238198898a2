"""Mails say what happened and what to do, in plain text that no program rewrites, in the reader's language."""

from email import message_from_bytes, policy

import pytest

from daemons.api.accounts.letters import password_letter, sign_in_letter


@pytest.mark.parametrize(
    ("language", "signed", "password"),
    [
        ("en", "Sign in to PageWright", "Your PageWright password was set"),
        ("de", "Bei PageWright anmelden", "Ihr PageWright-Passwort wurde gesetzt"),
    ],
)
def test_a_link_stands_alone_on_its_line(language: str, signed: str, password: str) -> None:
    link = "https://app.test/sign-in/pw-link-" + "x" * 60
    for make, subject in ((sign_in_letter, signed), (password_letter, password)):
        letter = make(language, "ana@example.org", link)
        read = message_from_bytes(letter.as_bytes(), policy=policy.default)
        text = read.get_content()
        assert link in text.splitlines()
        assert "ana@example.org" in text and "%" not in text
        assert max(len(line) for line in text.splitlines() if line != link) <= 76
        assert (read["To"], read["Subject"], read["Content-Language"]) == ("ana@example.org", subject, language)
        assert read.get_content_type() == "text/plain"
