"""The mails that people get, as plain text."""

from email.message import EmailMessage


def sign_in_letter(email: str, link: str) -> EmailMessage:
    """For whoever has forgotten the password."""
    return _letter(
        email,
        "Sign in to PageWright",
        f"""Somebody, most likely you, asked for a way to sign in to PageWright as {email}.

This link signs you in, once, within an hour. A new password can be set there:

{link}

If it was not you, do nothing: without this mail nobody gets in.
""",
    )


def password_letter(email: str, sign_in: str) -> EmailMessage:
    """After a password was set."""
    return _letter(
        email,
        "Your PageWright password was set",
        f"""The password of {email} was set just now, and every other browser was signed out.

If it was not you, ask for a new link at once, set a password of your own, and tell your operator:

{sign_in}
""",
    )


def _letter(email: str, subject: str, text: str) -> EmailMessage:
    letter = EmailMessage()
    letter["To"], letter["Subject"] = email, subject
    letter.set_content(text, cte="8bit")
    return letter
