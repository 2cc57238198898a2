"""Keeps of a JPEG inside a document its pixels and colours, and drops what tells who took it, where and when."""

# JFIF, the colour profile (and what else is in APP2), Adobe's note about colours.
_KEPT = (0xE0, 0xE2, 0xEE)
_APPLICATION, _COMMENT, _SCAN = range(0xE0, 0xF0), 0xFE, 0xDA


def without_remarks(data: bytes) -> bytes:
    """The same JPEG without its remarks; unchanged if it is none."""
    if data[:2] != b"\xff\xd8":
        return data
    parts, at = [data[:2]], 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        mark, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if mark == _SCAN:
            break
        if mark != _COMMENT and (mark not in _APPLICATION or mark in _KEPT):
            parts.append(data[at : at + 2 + length])
        at += 2 + length
    return b"".join([*parts, data[at:]])
