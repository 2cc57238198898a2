"""The texts of the mails that people get, in one of our languages."""

from dataclasses import dataclass
from textwrap import fill

from htmx_ui.languages import texts_of
from htmx_ui.wording import N_

_LINE_CHARACTERS = 76


@dataclass(frozen=True)
class LetterText:
    """What a mail says; `text` has lines that no program needs to wrap."""

    subject: str
    text: str


def sign_in_text(language: str, email: str, link: str) -> LetterText:
    """For whoever has forgotten the password; the link signs in once."""
    return _letter(
        language,
        N_("Sign in to PageWright"),
        N_("Somebody, most likely you, asked for a way to sign in to PageWright as %(email)s."),
        N_("This link signs you in, once, within an hour. A new password can be set there:"),
        link,
        N_("If it was not you, do nothing: without this mail nobody gets in."),
        email=email,
    )


def password_text(language: str, email: str, sign_in: str) -> LetterText:
    """After a password was set; `sign_in` is where one asks for a link."""
    return _letter(
        language,
        N_("Your PageWright password was set"),
        N_("The password of %(email)s was set just now, and every other browser was signed out."),
        N_("If it was not you, ask for a new link at once, set a password of your own, and tell your operator:"),
        sign_in,
        email=email,
    )


def _letter(language: str, subject: str, *paragraphs: str, email: str) -> LetterText:
    texts = texts_of(language)
    told = [texts.gettext(paragraph).replace("%(email)s", email) for paragraph in paragraphs]
    lines = [fill(text, _LINE_CHARACTERS, break_long_words=False, break_on_hyphens=False) for text in told]
    return LetterText(texts.gettext(subject), "\n\n".join(lines) + "\n")
