"""A wrong file is said at its field, for a new site and for one whose import has failed; what was typed stays."""

import re
from collections.abc import Sequence

import httpx
import pytest

from tests.api.conftest import World
from tests.support.packed import zip_of

Files = Sequence[tuple[str, tuple[str, bytes]]]

# The api of these tests takes files of 1 MiB.
WRONG_FILES: Sequence[tuple[Files, int, str]] = [
    ([("archive", ("", b""))], 422, "There is no file."),
    ([("archive", ("site.zip", b""))], 422, "The file is empty."),
    ([("archive", ("photo.zip", b"\xff\xd8\xff\xe0"))], 422, "&#39;photo.zip&#39; is no .zip, .tar.gz or .tar file."),
    (
        [("archive", ("site.7z", b"7z\xbc\xaf\x27\x1c"))],
        422,
        "&#39;site.7z&#39; is no .zip, .tar.gz or .tar file, but a .7z.",
    ),
    ([("archive", ("a.zip", b"PK")), ("archive", ("b.zip", b"PK"))], 422, "There is more than one file."),
    ([("archive", ("large.zip", b"PK" * (3 << 19)))], 413, "The file is too large. Choose one of at most 1 MB."),
]


@pytest.mark.parametrize(("files", "status", "says"), WRONG_FILES)
def test_a_wrong_file_is_said_at_its_field_and_what_was_typed_stays(
    ana: httpx.Client, files: Files, status: int, says: str
) -> None:
    sent = {"title": "Wrong & file", "name": "wrong-file", "template": "import"}
    answer = ana.post("/sites", data=sent, files=files)
    assert answer.status_code == status
    assert re.search(rf'id="site-archive-error"[^>]*>{re.escape(says)}', answer.text)
    assert 'value="Wrong &amp; file"' in answer.text
    assert 'value="wrong-file"' in answer.text
    assert re.search(r'value="import"[^>]* checked', answer.text)
    assert ana.get("/sites/wrong-file").status_code == 404


def test_another_file_for_a_failed_import_is_judged_at_its_field(world: World, ana: httpx.Client) -> None:
    form, good = {"name": "other-file", "title": "Other file"}, zip_of(["index.html"])
    job = world.ana.post("sites", data=form, files={"archive": ("fail.zip", good)}).json()["job"]["id"]
    world.ana.post(f"jobs/{job}/cancel")
    for files, status, says in WRONG_FILES:
        wrong = ana.post("/sites/other-file/archive", files=files)
        assert (wrong.status_code, wrong.url.path) == (status, "/sites/other-file/archive")
        assert re.search(rf'id="site-archive-error"[^>]*>{re.escape(says)}', wrong.text), "at its field"
        assert re.search(r'<input type="file" id="site-archive"[^>]* aria-describedby="site-archive-error"', wrong.text)
        assert 'action="/sites/other-file/archive"' in wrong.text
        assert "data-composer" in wrong.text, "it is the site's own page"
    assert ana.post("/sites/other-file/archive", files={"archive": ("good.zip", good)}).url.path == "/sites/other-file"
    world.work("other-file")
    late = ana.post("/sites/other-file/archive", files={"archive": ("good.zip", good)})
    assert late.status_code == 409
    assert "site-archive-error" not in late.text, "there is no such field any more"
    assert "data-composer" in late.text
