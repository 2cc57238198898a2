"""Keeps of a GIF what a browser shows: its frames as they are; no comments, no other data, nothing after its end."""

from daemons.worker.attachments.prepared import Unusable

_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_IMAGE, _EXTENSION, _END = 0x2C, 0x21, 0x3B
_COMMENT, _APPLICATION = 0xFE, 0xFF


def shown_blocks(data: bytes) -> bytes:
    """The GIF without what nobody sees. Raises Unusable if it ends too early or has an unknown block."""
    try:
        return _Blocks(data).kept()
    except IndexError:
        raise Unusable("is incomplete: it ends too early") from None


class _Blocks:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 13 + _table_bytes(data[10])

    def kept(self) -> bytes:
        """The header and every block worth keeping, up to the end mark."""
        parts = [self._data[: self._at]]
        while (mark := self._data[self._at]) != _END:
            start = self._at
            if mark == _IMAGE:
                self._at += 10 + _table_bytes(self._data[self._at + 9]) + 1
                self._skip_pieces()
            elif mark == _EXTENSION:
                self._at += 2
                self._skip_pieces()
            else:
                raise Unusable("is damaged")
            if mark == _IMAGE or self._is_shown(start):
                parts.append(self._data[start : self._at])
        return b"".join([*parts, bytes([_END])])

    def _skip_pieces(self) -> None:
        while length := self._data[self._at]:
            self._at += length + 1
        self._at += 1

    def _is_shown(self, start: int) -> bool:
        label = self._data[start + 1]
        return label != _COMMENT and (label != _APPLICATION or self._data[start + 3 : start + 14] in _LOOPS)


def _table_bytes(flags: int) -> int:
    """How many bytes a table of colours has."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0
