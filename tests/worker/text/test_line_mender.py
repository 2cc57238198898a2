"""Lines in another encoding than their text's own are recoded, one by one."""

import pytest

from daemons.worker.text.line_mender import LineMender
from daemons.worker.text.text_codec import UTF_8, Encoding

LATIN = Encoding("windows-1252", "cp1252")


@pytest.mark.parametrize(
    ("line", "references", "mended"),
    [
        (b"plain", True, (b"plain", "")),
        ("thé".encode(), True, (b"th\xe9", "")),
        (b"th\xe9", True, (b"th\xe9", "")),
        ("caf\N{REPLACEMENT CHARACTER}".encode(), True, (b"caf\xe9", "")),
        ("日".encode(), True, (b"&#26085;", "")),
        ("日".encode(), False, ("日".encode(), "has “日”, which the file's encoding (windows-1252) lacks")),
        (
            "lost\N{REPLACEMENT CHARACTER}".encode(),
            True,
            ("lost\N{REPLACEMENT CHARACTER}".encode(), "has “\ufffd” where a character was lost"),
        ),
    ],
)
def test_a_line_becomes_what_its_text_needs(line: bytes, references: bool, mended: tuple[bytes, str]) -> None:
    assert LineMender([b"caf\xe9"], LATIN, LATIN).mend(line, references=references) == mended


def test_a_text_in_utf8_takes_old_bytes_as_windows_1252() -> None:
    assert LineMender([], UTF_8, UTF_8).mend(b"th\xe9", references=True) == ("thé".encode(), "")
