"""Tells the media type of a file from its name, by Debian's table and a few choices of our own."""

from pathlib import Path

DEFAULT = "application/octet-stream"

# What we say otherwise, because browsers understand it better or because Debian's table means another kind of file.
_OURS = """
    text/html                      html htm
    text/javascript                js mjs cjs
    text/plain                     txt text log
    text/markdown                  md markdown
    text/vtt                       vtt
    text/xml                       xml xsl xslt
    application/json               json map json5 jsonc
    application/x-ndjson           ndjson jsonl
    application/feed+json          jsonfeed
    application/topo+json          topojson
    application/rss+xml            rss
    application/gpx+xml            gpx
    application/yaml               yaml yml
    application/toml               toml
    application/vnd.rar            rar
    application/x-bzip2            bz2
    application/vnd.ms-fontobject  eot
    application/vnd.apple.pkpass   pkpass
    image/x-icon                   ico cur
    image/jpeg                     jpg jpeg jpe jfif pjpeg pjp
    audio/aac                      aac adts
    audio/wav                      wav
    audio/midi                     mid midi
    video/mp2t                     ts m2ts
    video/3gpp                     3gp
    video/x-matroska               mkv
"""
# A browser would run or open these in ways that nobody checks: they are offered as downloads.
_NEVER_OPENED = "shtml hta htc eml mail mht mhtml appcache manifest swf spl jnlp pac xbl art"
# Programs are shown to people as text and never run anywhere: no type of theirs means anything to a browser.
PROGRAMS = frozenset("awk bash bat cmd csh fish ksh lua php pl pm ps1 psm1 py pyw r rb sh tcl vbs zsh".split())
_BY_PATH = dict.fromkeys(("apple-app-site-association", ".well-known/apple-app-site-association"), "application/json")
_TEXT = frozenset("application/json application/x-ndjson application/yaml application/toml application/sql".split())
_XML = frozenset(("text/xml", "application/xml"))


def media_type(path: str) -> str:
    """The media type that nginx sends for the file of this path, without a parameter."""
    return _BY_PATH.get(path) or TYPES.get(extension(path), DEFAULT)


def extension(path: str) -> str:
    """What follows the last dot of the file's name, in lower case; empty if there is none."""
    stem, dot, suffix = path.rpartition("/")[2].rpartition(".")
    return suffix.lower() if stem and dot else ""


def is_document(path: str) -> bool:
    """Whether a browser may open this file as a page of its own, with scripts: HTML, and everything that is XML."""
    kind = media_type(path)
    return kind == "text/html" or is_xml(kind)


def is_xml(kind: str) -> bool:
    """Whether this media type is XML."""
    return kind in _XML or kind.endswith("+xml")


def is_text(kind: str) -> bool:
    """Whether files of this media type are text, which has a character encoding."""
    return kind.startswith("text/") or kind in _TEXT or is_xml(kind) or kind.endswith("+json")


def is_compressible(path: str) -> bool:
    """Whether nginx looks for a compressed twin of this file."""
    return is_text(media_type(path)) and extension(path) not in {*PROGRAMS, "svgz"}


def takes_charset(kind: str) -> bool:
    """Whether nginx names the encoding of files of this media type; its table holds no longer names."""
    return is_text(kind) and len(kind) <= 46


def _read_table(text: str) -> dict[str, str]:
    table: dict[str, str] = {}
    for line in text.splitlines():
        kind, *suffixes = line.partition("#")[0].split() or ("",)
        for suffix in suffixes:
            table.setdefault(suffix.lower(), kind.lower())
    return table


def _types() -> dict[str, str]:
    debian = _read_table(Path(__file__).with_name("media_types.txt").read_text(encoding="utf-8"))
    merged = debian | _read_table(_OURS) | dict.fromkeys(PROGRAMS, "text/plain")
    left_out = frozenset(_NEVER_OPENED.split())
    return {suffix: kind for suffix, kind in sorted(merged.items()) if suffix.isalnum() and suffix not in left_out}


TYPES = _types()
