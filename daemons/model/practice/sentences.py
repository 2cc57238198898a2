"""Cuts a message into sentences and sets quoted texts aside, so that the grammar never reads them."""

import re
from dataclasses import dataclass

# Stand-ins for quoted texts: private-use characters around a number; people's messages lose such characters.
_OPEN, _CLOSE = "\ue000", "\ue001"
LONGEST_SENTENCE = 600  # without its quoted texts; a longer one means nothing to us
QUOTED = f"{_OPEN}\\d+{_CLOSE}"

# Each alternative stops at the next opening mark, so reading time grows with the message's length and no faster.
_QUOTES = re.compile(
    r'"([^"]*)"|“([^”“]*)[”“]|„([^“”„]*)[“”]|«([^«»]*)»'
    r"|(?<![^\s(:])'([^'\n]*(?:(?<=\w)'(?=\w)[^'\n]*)*)'(?!\w)|(?<![^\s(:])‘([^‘\n]*?)’(?!\w)"
)
_BLANKS = re.compile(r"[^\S\n]+")
_END = re.compile(r"[.!?](?=\s|$)|[;\n]|,?\s+(?:and\s+then|then)\s+", re.IGNORECASE)
_POLITE = re.compile(
    r"^(?:(?:hello|hi|hey|dear\s+\w+|ok|okay|now|also|and|first|finally|please|kindly|thanks|thank\s+you)\b[,:]?\s*"
    r"|(?:can|could|would|will)\s+you\s+|i(?:'d|’d|\s+would)\s+like\s+(?:you\s+)?to\s+|i\s+want\s+(?:you\s+)?to\s+"
    r"|let(?:'|’)?s\s+)+|(?:[,\s]+(?:please|thanks|thank\s+you))+$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sentence:
    """One sentence with stand-ins, and the quoted texts they stand for."""

    pattern: str
    quoted: tuple[str, ...]

    def text(self, part: str) -> str:
        """A part of the sentence with its quoted texts put back, without quotes if it is a quoted text itself."""
        if re.fullmatch(QUOTED, part):
            return self.quoted[int(part[1:-1])]
        return re.sub(QUOTED, lambda match: f"“{self.quoted[int(match[0][1:-1])]}”", part)


def read_sentences(message: str) -> list[Sentence]:
    """The sentences of a message, polite words left out."""
    quoted: list[str] = []

    def set_aside(match: re.Match[str]) -> str:
        quoted.append(next(text for text in match.groups() if text is not None))
        return f"{_OPEN}{len(quoted) - 1}{_CLOSE}"

    plain = message.replace(_OPEN, "").replace(_CLOSE, "")
    parts = (_plain(part) for part in _END.split(_BLANKS.sub(" ", _QUOTES.sub(set_aside, plain))))
    return [Sentence(part, tuple(quoted)) for part in parts if part]


def _plain(part: str) -> str:
    part = " ".join(part.split())
    return (_POLITE.sub("", part) if len(part) <= LONGEST_SENTENCE else part).strip(" ,:.!?-")
