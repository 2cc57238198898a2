"""Where a text stands in raw HTML text, as whole words: entities, blanks and the shape of quotes don't matter."""

import html
import re
import unicodedata
from collections.abc import Iterator

from daemons.model.practice.editor.website import one_line

_PIECE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?|\s+|.", re.DOTALL)
_PLAIN = re.compile("[A-Za-z0-9]{3,}")
_HIDDEN = re.compile(r"&#(?:0*(?:4[89]|5[0-7]|6[5-9]|[7-9]\d|1[01]\d|12[0-2])|[xX]0*[3-7][0-9a-fA-F])(?![0-9a-fA-F])")
_STRAIGHT = str.maketrans("‘’‚“”„«»", '\'\'\'"""""')
# No blank between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese; and Korean, whose words have endings.
_SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")


def straight(text: str) -> str:
    """A text with single blanks and straight quotes."""
    return one_line(text).translate(_STRAIGHT)


def may_have(raw: str, wanted: str) -> bool:
    """Whether the plain words occur at all: a quick look that spares the work on most texts of a large site."""
    return all(word in raw for word in _PLAIN.findall(wanted)) or bool(_HIDDEN.search(raw))


def find_text(raw: str, wanted: str) -> Iterator[tuple[int, int, str]]:
    """Each place where a text stands, with the longer word around it if it is only part of one."""
    needle = straight(wanted)
    if not may_have(raw, needle):
        return
    pieces = [(_decoded(match[0]), *match.span()) for match in _PIECE.finditer(raw)]
    places = [(start, end) for text, start, end in pieces for _ in text]
    plain = "".join(text for text, _, _ in pieces)
    for match in re.finditer(re.escape(needle), plain) if needle else ():
        start, end = match.span()
        while _goes_on(plain, start):
            start -= 1
        while _goes_on(plain, end):
            end += 1
        longer = "" if (start, end) == match.span() else plain[start:end]
        yield places[match.start()][0], places[match.end() - 1][1], longer


def _decoded(piece: str) -> str:
    text = html.unescape(piece)
    return " " if text.isspace() else text.translate(_STRAIGHT)


def _goes_on(text: str, place: int) -> bool:
    """Whether a word or a number goes on across a place."""
    before, after = text[place - 1 : place], text[place : place + 1]
    return (_is_letter(before) and _is_letter(after)) or bool(
        re.match(r"\d[.,:]\d", text[max(place - 1, 0) : place + 2])
        or re.match(r"\d[.,:]\d", text[max(place - 2, 0) : place + 1])
    )


def _is_letter(character: str) -> bool:
    """Whether the character is part of a word, in a script that puts blanks between words."""
    is_part = character == "_" or (character and unicodedata.category(character)[0] in "LMN")
    return bool(is_part) and not _SPACELESS.match(character)
