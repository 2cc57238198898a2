"""The text of an export that names what could not be put into it, in one of our languages."""

from collections.abc import Sequence

from htmx_ui.wording import N_, words_of

_HEAD = N_("Not in this zip:")
_UNREADABLE = N_("Version %(number)s: %(why)s")
_TOO_MANY = N_("Versions %(first)s to %(last)s: the zip would have too many files.")


def missing_text(language: str, unreadable: Sequence[tuple[int, str]], too_many: tuple[int, int] | None) -> str:
    """Versions with what is wrong with them, and from which one to which one there are too many files."""
    words = words_of(language)
    texts = words.texts
    lines = [texts.gettext(_HEAD)]
    for number, why in unreadable:
        text = texts.gettext(_UNREADABLE)
        lines.append(text.replace("%(number)s", str(number)).replace("%(why)s", words.told(why)))
    if too_many:
        text = texts.gettext(_TOO_MANY)
        lines.append(text.replace("%(first)s", str(too_many[0])).replace("%(last)s", str(too_many[1])))
    return "\n".join([*lines, ""])
