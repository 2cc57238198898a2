"""Restores in changed text files the encoding, byte order mark, line ends and final newline of the version before."""

import codecs
import re
from collections.abc import Iterator

from daemons.worker.text.line_ends import join_lines, restore_line_ends, split_lines
from daemons.worker.text.line_mender import LineMender
from daemons.worker.text.text_codec import UTF8_MARK, Encoding, declared_in, encoding_of
from shared.domain.manifest import Check, CheckStatus
from shared.domain.serving.media_types import is_document, is_text, media_type
from shared.domain.tree import Tree

_MOST_FINDINGS = 20
# Inside these elements browsers do not read a character reference as a character.
_RAW = re.compile(rb"<(/?)(?:script|style)(?=[\s/>])", re.IGNORECASE)
_UTF16_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def restore_formats(before: Tree, after: Tree) -> tuple[Tree, tuple[Check, ...]]:
    """The tree with the format of changed text files restored, and the check `encoding` with what can't be."""
    mended: dict[str, bytes] = {}
    findings: list[str] = []
    for path in _changed_texts(before, after):
        mended[path], faults = restore_format(path, before.get(path), after[path])
        findings += (f"{path}: {fault}" for fault in faults)
    if not findings:
        return {**after, **mended}, ()
    if len(findings) > _MOST_FINDINGS:
        findings = [*findings[:_MOST_FINDINGS], f"and {len(findings) - _MOST_FINDINGS} more"]
    return {**after, **mended}, (Check(name="encoding", status=CheckStatus.FAILED, findings=tuple(findings)),)


def _changed_texts(before: Tree, after: Tree) -> Iterator[str]:
    for path, data in after.items():
        if data and is_text(media_type(path)) and before.get(path) != data:
            yield path


def restore_format(path: str, base: bytes | None, data: bytes) -> tuple[bytes, list[str]]:
    """The file with its format restored, and what could not be restored, by line. A new file has no base."""
    if base and base[:2] in _UTF16_MARKS:
        return _restore_utf16(base, data), []
    if b"\0" in data or b"\0" in (base or b""):
        return data, []
    if not base:
        declared = declared_in(path, data)
        return _mend_lines(path, b"", data, declared, declared) if declared else (data, [])
    mark = UTF8_MARK if base.startswith(UTF8_MARK) else b""
    base_text, text = base.removeprefix(UTF8_MARK), data.removeprefix(UTF8_MARK)
    source, declared = encoding_of(path, base), declared_in(path, mark + text)
    target = source if declared in (None, declared_in(path, base)) else declared
    text, faults = _mend_lines(path, base_text, text, source, target)
    return mark + restore_line_ends(base_text, text), faults


def _restore_utf16(base: bytes, data: bytes) -> bytes:
    """The text in UTF-16, which most tools can't write; leave it as it is if it is neither UTF-16 nor UTF-8."""
    mark = base[:2]
    codec = _UTF16_MARKS[mark]
    try:
        text = data[2:].decode(codec) if data.startswith(mark) else data.decode("utf-8-sig")
        base_text = base[2:].decode(codec)
    except UnicodeDecodeError:
        return data
    return mark + restore_line_ends(base_text.encode(), text.encode()).decode().encode(codec)


def _mend_lines(path: str, base: bytes, text: bytes, source: Encoding, target: Encoding) -> tuple[bytes, list[str]]:
    """The text with each line in the wanted encoding."""
    lines, ends = split_lines(text)
    mender = LineMender(split_lines(base)[0], source, target)
    is_raw = not is_document(path)
    mended: list[bytes] = []
    faults: list[str] = []
    for number, line in enumerate(lines, 1):
        tags = _RAW.findall(line)
        data, fault = mender.mend(line, references=not (is_raw or tags))
        is_raw = not tags[-1] if tags else is_raw
        mended.append(data)
        faults += [f"line {number} {fault}."] if fault else []
    return join_lines(mended, ends), faults
