"""Mails say what happened and what to do, in plain text that no program rewrites."""

from daemons.api.accounts.letters import password_letter, sign_in_letter


def test_a_link_stands_alone_on_its_line() -> None:
    link = "https://app.test/sign-in/pw-link-" + "x" * 60
    for letter in (sign_in_letter("ana@example.org", link), password_letter("ana@example.org", link)):
        assert link in letter.as_string().splitlines()
        assert letter["To"] == "ana@example.org" and letter["Subject"]
        assert letter.get_content_type() == "text/plain"
