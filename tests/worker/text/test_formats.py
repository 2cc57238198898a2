"""An edit keeps a file's encoding, byte order mark, line ends and final newline, whatever tools made of it."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemons.worker.text.formats import restore_format, restore_formats
from shared.domain.manifest import CheckStatus

META = '<meta charset="{}">\n'
UMLAUTS = "<p>Öffnungszeiten für Gäste</p>\n"


def page(encoding: str, *lines: str, label: str = "") -> bytes:
    return (META.format(label or encoding) + "".join(lines)).encode(encoding)


def kept(base: bytes, data: bytes, path: str = "index.html") -> bytes:
    """The mended file, of which nothing could not be mended."""
    mended, faults = restore_format(path, base, data)
    assert faults == []
    assert restore_format(path, base, mended) == (mended, []), "mending again changes nothing"
    return mended


@pytest.mark.parametrize("label", ["windows-1252", "iso-8859-1", "latin1"])
def test_utf8_in_a_windows_1252_page_is_recoded(label: str) -> None:
    base = page("windows-1252", UMLAUTS, "<h1>Old</h1>\n", label=label)
    new = base.replace(b"<h1>Old</h1>", "<h1>Grüße „für“ 5 €</h1>".encode())
    assert kept(base, new) == page("windows-1252", UMLAUTS, "<h1>Grüße „für“ 5 €</h1>\n", label=label)


def test_utf8_beside_old_letters_of_the_same_line_is_recoded() -> None:
    base = page("windows-1252", "<p>Café Müller</p>\n")
    new = base.replace(b"ller", "ller, schön".encode()).replace(b"Caf\xe9", b"Caf\xe9" + "—".encode())
    assert kept(base, new) == page("windows-1252", "<p>Café— Müller, schön</p>\n")


def test_a_file_that_was_recoded_as_a_whole_is_recoded_back() -> None:
    base = page("windows-1252", UMLAUTS, "<h1>Old</h1>\n")
    new = base.decode("windows-1252").replace("Old", "Größer").encode()
    assert kept(base, new) == page("windows-1252", UMLAUTS, "<h1>Größer</h1>\n")


def test_lines_that_a_tool_misread_come_back() -> None:
    base = page("windows-1252", UMLAUTS, "<h1>Old</h1>\n")
    new = base.decode("utf-8", "replace").replace("Old", "New").encode()
    assert kept(base, new) == page("windows-1252", UMLAUTS, "<h1>New</h1>\n")
    base = page("utf-8", UMLAUTS, "<h1>Old</h1>\n")
    twice = base.decode("latin-1").replace("Old", "New").encode()
    assert kept(base, twice) == base.replace(b"Old", b"New")
    in_old = base.decode("utf-8").replace("Old", "New").encode("windows-1252")
    assert kept(base, in_old) == base.replace(b"Old", b"New")


def test_what_an_agent_wrote_in_the_pages_own_encoding_stays() -> None:
    for encoding, words in (("windows-1252", "Grüße"), ("windows-1251", "Він тут"), ("shift_jis", "大阪の表")):
        base = page(encoding, "<h1>Old</h1>\n")
        new = base.replace(b"Old", words.encode(encoding))
        assert kept(base, new) == new


@pytest.mark.parametrize(
    ("encoding", "old", "new"),
    [
        ("shift_jis", "東京の表示", "大阪のパン"),
        ("euc-jp", "東京", "大阪"),
        ("gbk", "北京", "上海"),
        ("big5", "台北", "高雄"),
        ("euc-kr", "서울", "부산"),
        ("windows-1251", "Москва", "Киев"),
        ("koi8-r", "Москва", "Киев"),
        ("iso-8859-2", "Łódź", "Gdańsk"),
        ("iso-2022-jp", "東京", "大阪"),
    ],
)
def test_encodings_of_the_world_are_kept(encoding: str, old: str, new: str) -> None:
    base = page(encoding, f"<p>{old}</p>\n", "<h1>x</h1>\n")
    assert kept(base, base.replace(b"<h1>x", f"<h1>{new}".encode())) == page(
        encoding, f"<p>{old}</p>\n", f"<h1>{new}</h1>\n"
    )


def test_a_character_that_the_encoding_lacks_becomes_a_reference() -> None:
    base = page("windows-1252", "<h1>x</h1>\n")
    new = base.replace(b"x", "Ä 東 🍞".encode())
    assert kept(base, new) == page("windows-1252", "<h1>Ä &#26481; &#127838;</h1>\n")


def test_where_no_reference_works_it_is_a_finding() -> None:
    base = page("windows-1252", "<script>\nvar a = 'x';\n</script>\n", "<h1>x</h1>\n")
    new = base.replace(b"'x'", "'東'".encode()).replace(b"<h1>x", "<h1>東".encode())
    mended, faults = restore_format("index.html", base, new)
    assert faults == ["line 3 has “東”, which the file's encoding (windows-1252) lacks."]
    assert b"<h1>&#26481;" in mended


def test_a_lost_character_is_a_finding() -> None:
    base = page("windows-1252", UMLAUTS)
    new = base.decode("utf-8", "replace").replace("Gäste", "Kunden").encode()
    _, check = restore_formats({"index.html": base}, {"index.html": new.replace(b"ffnungs", b"ffnunx")})
    assert (check[0].name, check[0].status) == ("encoding", CheckStatus.FAILED)
    assert check[0].findings == ("index.html: line 2 has “�” where a character was lost.",)


def test_old_encodings_in_a_utf8_page_are_recoded() -> None:
    base = page("utf-8", UMLAUTS, "<h1>Old</h1>\n")
    assert kept(base, base.replace(b"Old", "Grüße".encode("windows-1252"))) == base.replace(b"Old", "Grüße".encode())


def test_a_page_that_now_declares_utf8_is_utf8_throughout() -> None:
    base = page("windows-1252", UMLAUTS, "<h1>Old</h1>\n")
    new = base.replace(b"windows-1252", b"utf-8").replace(b"Old", "Grüße".encode())
    assert kept(base, new) == page("utf-8", UMLAUTS, "<h1>Grüße</h1>\n")


def test_text_without_a_declaration_takes_references_only() -> None:
    base = b"<p>caf\xe9</p>\n<h1>x</h1>\n"
    assert kept(base, base.replace(b">x<", ">ü<".encode())) == b"<p>caf\xe9</p>\n<h1>&#252;</h1>\n"
    _, faults = restore_format("a.txt", b"caf\xe9\nx\n", "caf\xe9\n".encode("latin-1") + "ü\n".encode())
    assert len(faults) == 1


def test_a_new_page_that_was_copied_is_recoded_too() -> None:
    other = page("windows-1252", UMLAUTS, "<h1>Old</h1>\n")
    new = other.replace(b"Old", "Grüße".encode())
    tree, checks = restore_formats({"a.html": other}, {"a.html": other, "b.html": new})
    assert (tree["b.html"], checks) == (page("windows-1252", UMLAUTS, "<h1>Grüße</h1>\n"), ())


@pytest.mark.parametrize(
    ("base", "data", "expected"),
    [
        (b"a\r\nb\r\n", b"a\nnew\nb\n", b"a\r\nnew\r\nb\r\n"),
        (b"a\r\nb\r\n", b"a\r\nnew\nb\r\n", b"a\r\nnew\r\nb\r\n"),
        (b"a\nb\n", b"a\r\nnew\r\nb\r\n", b"a\nnew\nb\n"),
        (b"a\rb\r", b"a\nnew\nb\n", b"a\rnew\rb\r"),
        (b"a\r\nb\nc\r\n", b"a\nb\nnew\nc\n", b"a\r\nb\nnew\nc\r\n"),
        (b"a\nb", b"new\nb\n", b"new\nb"),
        (b"a\nb\n", b"new\nb", b"new\nb\n"),
        (b"a\nb", b"a\nother\n", b"a\nother\n"),
        (b"a", b"a\n", b"a"),
        (b"a\n", b"b", b"b"),
        (codecs.BOM_UTF8 + b"a\n", b"b\n", codecs.BOM_UTF8 + b"b\n"),
        (b"a\n", codecs.BOM_UTF8 + b"b\n", b"b\n"),
    ],
)
def test_marks_line_ends_and_final_newline_are_kept(base: bytes, data: bytes, expected: bytes) -> None:
    assert kept(base, data, "a.css") == expected


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_is_kept(codec: str) -> None:
    mark = "\N{BYTE ORDER MARK}"
    base = f"{mark}a ü\r\nb\r\n".encode(codec)
    assert kept(base, "a ü\nnew ö\n".encode()) == f"{mark}a ü\r\nnew ö\r\n".encode(codec)
    assert kept(base, f"{mark}c\n".encode(codec)) == f"{mark}c\r\n".encode(codec)


def test_what_is_no_text_or_did_not_change_is_left_alone() -> None:
    before = {"a.png": b"\x89\r\n", "b.html": b"caf\xe9\r\n", "c.txt": b"a\0\r\n"}
    after = {"a.png": b"\x89\n", "b.html": b"caf\xe9\r\n", "c.txt": b"b\0\n"}
    assert restore_formats(before, after) == (after, ())


# Without "ß€" and its like: in windows-1252 these are bytes that mean one letter in UTF-8, and nobody could tell.
TEXTS = st.lists(st.text(alphabet="aéü<東 ", max_size=8), min_size=1, max_size=8)
CODECS = st.sampled_from(["windows-1252", "utf-8", "shift_jis", "gbk", "iso-8859-2"])


def _typed(encoding: str, lines: list[str], end: str, mark: bytes = b"") -> bytes:
    return mark + (META.format(encoding) + "\n".join(lines)).replace("\n", end).encode(encoding, "xmlcharrefreplace")


@given(CODECS, TEXTS, TEXTS, st.sampled_from(["\n", "\r\n"]))
def test_what_was_written_rightly_stays(encoding: str, before: list[str], added: list[str], end: str) -> None:
    """Bytes are the same, whatever was changed, if an agent keeps to a file's form itself."""
    base, data = _typed(encoding, before, end), _typed(encoding, [*added, *before], end)
    assert restore_format("a.html", base, base) == (base, [])
    mended, faults = restore_format("a.html", base, data)
    assert (mended.rstrip(), faults) == (data.rstrip(), [])


@given(CODECS, TEXTS, TEXTS, st.sampled_from(["\n", "\r\n"]))
def test_an_agent_that_knows_utf8_alone_does_no_harm(
    encoding: str, before: list[str], added: list[str], end: str
) -> None:
    """It reads the file rightly, and writes all of it as UTF-8 with its own line ends."""
    base = _typed(encoding, before, end)
    data = base.decode(encoding).replace("\r\n", "\n") + "\n" + "\n".join(added)
    mended, faults = restore_format("a.html", base, data.encode())
    expected = data.replace("\n", end).encode(encoding, "xmlcharrefreplace")
    assert (mended.rstrip(), faults) == (expected.rstrip(), [])


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_no_bytes_break_it(base: bytes, data: bytes) -> None:
    mended, _ = restore_format("a.html", base, data)
    assert restore_format("a.html", mended, mended) == (mended, [])


@pytest.mark.parametrize("path", ["a.js", "a.json", "a.md", "a.txt"])
def test_a_declaration_counts_in_documents_alone(path: str) -> None:
    """In a script it is a text about another file."""
    base = 'const a = "é"; const b = "<meta charset=iso-8859-1>";\n'.encode()
    for before in (base, None, 'const a = "é";\n'.encode()):
        data = base + 'const c = "café €";\n'.encode()
        assert restore_format(path, before, data) == (data, [])
