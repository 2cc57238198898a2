"""The mails that people get, as plain text in the language of the request that caused them."""

from email.message import EmailMessage

from htmx_ui.letter_texts import LetterText, password_text, sign_in_text


def sign_in_letter(language: str, email: str, link: str) -> EmailMessage:
    """For whoever has forgotten the password."""
    return _letter(language, email, sign_in_text(language, email, link))


def password_letter(language: str, email: str, sign_in: str) -> EmailMessage:
    """After a password was set."""
    return _letter(language, email, password_text(language, email, sign_in))


def _letter(language: str, email: str, said: LetterText) -> EmailMessage:
    letter = EmailMessage()
    letter["To"], letter["Subject"] = email, said.subject
    letter.set_content(said.text, cte="8bit")
    letter["Content-Language"] = language
    return letter
