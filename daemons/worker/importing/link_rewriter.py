"""Rewrites addresses in pages, style sheets and scripts that use a file's old name, from the archive."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

_TEXTS = frozenset("html htm xhtml xml svg css js mjs json webmanifest rss atom map".split())
_SCRIPTS = (".js", ".mjs", ".json")
# A quoted text, what `url(…)` holds, or the value of an attribute without quotes.
_TOKEN = re.compile(
    rb"""(?<=")[^"<>\r\n]+(?=")|(?<=')[^'<>\r\n]+(?=')|(?<=\()[^()'"\s]+(?=\))|(?<==)[^'"\s<>=]+|(?<=>)[^<>\s]+(?=<)"""
)
_PIECE = re.compile(rb"[^\s,]+")
_COMBINING = re.compile(rb"\xcc[\x80-\xbf]|\xcd[\x80-\xaf]|%[cC][cCdD]%")


@dataclass(frozen=True)
class LinkRewriter:
    """Rewrites addresses. `renamed` is old path → new path, `files` are the current paths."""

    renamed: Mapping[str, str]
    files: Collection[str]

    def rewrite(self, path: str, data: bytes) -> bytes:
        """The file's bytes with every address of a renamed file rewritten; the same bytes if there is none."""
        if path.rpartition(".")[2].lower() not in _TEXTS:
            return data
        if not self.renamed and not _COMBINING.search(data):
            return data
        folder, _, name = path.rpartition("/")
        # Addresses in a script are relative to the page that runs it.
        places = (folder, "") if name.lower().endswith(_SCRIPTS) else (folder,)
        return _TOKEN.sub(lambda match: self._token(match[0], places), data)

    def _token(self, token: bytes, places: Sequence[str]) -> bytes:
        """Rewrite a token that is an address, or a list of addresses as in `srcset`."""
        if len(token) > 4096:
            return token
        whole = self._address(token, places)
        if whole != token or not re.search(rb"[\s,]", token):
            return whole
        return _PIECE.sub(lambda match: self._address(match[0], places), token)

    def _address(self, address: bytes, places: Sequence[str]) -> bytes:
        raw, mark, rest = _split(address)
        path = _decoded(raw)
        if not path or "//" in path or ":" in path.partition("/")[0]:
            return address
        for place in places:
            old = _resolve(path, place)
            new = self._new_path(old) if old else None
            if old and new and new != old:
                return _rewritten(raw, path, old, new) + mark + rest
        return address

    def _new_path(self, old: str) -> str | None:
        if old in self.renamed:
            return self.renamed[old]
        composed = unicodedata.normalize("NFC", old)
        if composed == old:
            return None
        return self.renamed.get(composed, composed if composed in self.files else None)


def _split(address: bytes) -> tuple[bytes, bytes, bytes]:
    match = re.search(rb"[?#]", address)
    if not match:
        return address, b"", b""
    return address[: match.start()], match[0], address[match.end() :]


def _decoded(raw: bytes) -> str:
    data = unquote_to_bytes(raw)
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _resolve(path: str, folder: str) -> str | None:
    """The path from the site's root, None if it leads out of the site."""
    done = [part for part in folder.split("/") if part and not path.startswith("/")]
    for part in path.split("/"):
        if part == ".." and not done:
            return None
        if part == "..":
            done.pop()
        elif part not in ("", "."):
            done.append(part)
    return "/".join(done)


def _rewritten(raw: bytes, path: str, old: str, new: str) -> bytes:
    """The address with the names replaced that differ, from the last one on; percent-encoded if it was before."""
    parts, before, after = path.split("/"), old.split("/"), new.split("/")
    for back in range(1, min(len(parts), len(before), len(after)) + 1):
        if parts[-back] in ("", ".", "..") or parts[-back] != before[-back]:
            break
        parts[-back] = after[-back]
    text = "/".join(parts)
    ascii_only = raw.isascii()
    return quote(text, safe="/!$&'()*+,;=:@~" + ("" if b"%" in raw else " ")).encode() if ascii_only else text.encode()
