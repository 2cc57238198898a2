"""Recodes lines that an agent wrote in another encoding than the text's own.

An agent's tools expect UTF-8. Lines of the base are known, also in the forms that a tool makes of them by misreading
their encoding. In every other line, each run of bytes beyond ASCII is judged: the base has it, or it is UTF-8, or it is
in the text's own encoding.
"""

import re
from collections.abc import Callable

from daemons.worker.text.text_codec import UNKNOWN, UTF8, UTF_8, Encoding

_RUN = re.compile(rb"[\x80-\xff]+")
_WIDE_RUN = re.compile(rb"(?:[\x80-\xff]+[\x30-\x7e]?)+")
_UTF8_PART = re.compile(rb"((?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+)")
_LOST = "\N{REPLACEMENT CHARACTER}"
_LOST_BYTES = _LOST.encode()
# In these no accented letter is ever followed by the sign that the second byte of a UTF-8 sequence would be.
_LATIN = frozenset("windows-1250 windows-1252 windows-1254 windows-1257 iso-8859-2 iso-8859-15 macintosh".split())
_MISREADINGS = ("cp1252", "latin-1")


class LineMender:
    """Mends the lines of one text. `base` are its lines before, in the encoding `source`; `target` is wanted now."""

    def __init__(self, base: list[bytes], source: Encoding, target: Encoding) -> None:
        self._source, self._target = source, target
        # An agent that writes no UTF-8 writes windows-1252, which most of the web used before.
        self._old = Encoding("windows-1252", "cp1252") if source is UTF_8 else source
        self._runs = _WIDE_RUN if source.wide else _RUN
        beyond = [line for line in dict.fromkeys(base) if not line.isascii()]
        self._known = dict(zip(base, base, strict=True))
        self._misread = {form: line for line in beyond for form in self._forms(line) if form not in self._known}
        self._base_runs = {run for line in beyond for run in self._runs.findall(line)}

    def mend(self, line: bytes, *, references: bool) -> tuple[bytes, str]:
        """The line in the wanted encoding, and what could not be mended; "" if all could.

        With `references` a character that the encoding lacks may become a character reference, as in HTML.
        """
        known = self._misread.get(line, self._known.get(line))
        if known is not None:
            return (
                (known, "")
                if self._source == self._target
                else self._recode(known, self._source, references=references)
            )
        if line.isascii():
            return line, ""
        return self._mend_new(line, references=references)

    def _forms(self, line: bytes) -> list[bytes]:
        """What a tool makes of a line if it reads it as UTF-8, or UTF-8 as something else, and writes UTF-8."""
        forms = [line.decode(UTF8, "replace").encode()]
        if self._source is UTF_8:
            forms += [line.decode(codec, "ignore").encode() for codec in _MISREADINGS]
        return forms

    def _mend_new(self, line: bytes, *, references: bool) -> tuple[bytes, str]:
        runs = [run for run in self._runs.findall(line) if run not in self._base_runs]
        if any(_LOST_BYTES in run for run in runs):
            return line, f"has “{_LOST}” where a character was lost"
        wrote_utf8 = all(self._is_utf8(run) for run in runs)
        if not wrote_utf8 and all(self._old.can_read(run) for run in runs):
            return self._replace(line, lambda run: self._recode(run, self._old, references=references))
        return self._replace(line, lambda run: self._from_utf8(run, references=references))

    def _is_utf8(self, run: bytes) -> bool:
        """Whether a run is UTF-8, perhaps next to a piece in the text's own encoding."""
        if UTF_8.can_read(run):
            return True
        return self._old.name in _LATIN and bool(_UTF8_PART.search(run))

    def _replace(self, line: bytes, change: Callable[[bytes], tuple[bytes, str]]) -> tuple[bytes, str]:
        faults: list[str] = []

        def one(match: re.Match[bytes]) -> bytes:
            is_old = match[0] in self._base_runs
            data, fault = self._recode(match[0], self._source, references=False) if is_old else change(match[0])
            faults.append(fault)
            return data

        mended = self._runs.sub(one, line)
        return mended, next(filter(None, faults), "")

    def _from_utf8(self, run: bytes, *, references: bool) -> tuple[bytes, str]:
        """Recode a run of UTF-8, which may have pieces in the old encoding."""
        if UTF_8.can_read(run):
            return self._recode(run, UTF_8, references=references)
        pieces = [
            self._recode(piece, UTF_8 if number % 2 else self._old, references=references)
            for number, piece in enumerate(_UTF8_PART.split(run))
        ]
        return b"".join(data for data, _ in pieces), next((fault for _, fault in pieces if fault), "")

    def _recode(self, data: bytes, source: Encoding, *, references: bool) -> tuple[bytes, str]:
        if source == self._target:
            return data, "" if source is UNKNOWN or source.can_read(data) else f"has bytes that are no {source.name}"
        try:
            text = data.decode(source.codec)
        except UnicodeDecodeError:
            return data, f"has bytes that are no {source.name}"
        return self._encode(text, data, references=references)

    def _encode(self, text: str, data: bytes, *, references: bool) -> tuple[bytes, str]:
        try:
            return text.encode(self._target.codec, "xmlcharrefreplace" if references else "strict"), ""
        except UnicodeEncodeError as error:
            return data, f"has “{text[error.start]}”, which the file's encoding ({self._target.name}) lacks"
