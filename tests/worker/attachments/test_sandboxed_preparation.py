"""Every file that can be used comes out of the sandbox clean and of a sensible size; what comes out is not believed."""

import asyncio
import hashlib
from base64 import b64decode
from collections.abc import Sequence
from io import BytesIO

import pytest
from PIL import Image

from daemons.worker.attachments.sandboxed_preparation import (
    PreparedFiles,
    _Lines,
    _refuse,
    preparation_limits,
    prepare_files,
)
from daemons.worker.sandbox.run_result import RunResult
from shared.domain.attachments import AttachedFile
from shared.domain.errors import InvalidInput, PageWrightError
from shared.domain.vocabulary import Failure
from tests.support.attached_files import GOOD, HOSTILE, PLACE, Sample
from tests.support.checks_run import PROGRAMS, worker_settings


def attached(sample: Sample) -> AttachedFile:
    return AttachedFile(upload=hashlib.sha256(sample.data).hexdigest(), name=sample.name, size=len(sample.data))


def prepared(samples: Sequence[Sample], steps: list[str]) -> PreparedFiles:
    files, contents = [attached(sample) for sample in samples], [sample.data for sample in samples]
    settings = worker_settings(worker_check_seconds=600)
    preparing = prepare_files(files, contents, settings=settings, programs=PROGRAMS, say=steps.append)
    return asyncio.run(preparing)


def parts(data: bytes) -> bytes:
    """The bytes, and those of pictures that are inside as text."""
    inner = [b64decode(text.partition(b'"')[0]) for text in data.split(b";base64,")[1:]]
    return b"".join([data, *inner])


@pytest.mark.usefixtures("sandbox")
def test_every_file_that_can_be_used_comes_out_fit_for_the_web() -> None:
    """Also 100 million pixels, in half the memory that an edit may use; no place and nothing hostile is left."""
    steps: list[str] = []
    done = prepared(GOOD, steps)
    assert [(file.path, file.kind.value, file.pixels) for _, file in done.files] == [
        (sample.becomes, sample.kind, sample.pixels) for sample in GOOD
    ]
    assert sum(PLACE in parts(sample.data) for sample in GOOD) >= 9, "the samples have what must go"
    for path, data in done.tree.items():
        assert [left for left in (PLACE, *HOSTILE) if left in parts(data)] == [], path
    for _, file in done.files:
        if file.kind not in ("SVG", "PDF"):
            with Image.open(BytesIO(done.tree[file.path])) as picture:
                assert picture.size == file.pixels
                assert dict(picture.getexif()) == {}
            with Image.open(BytesIO(done.tree[file.look or ""])) as look:
                assert max(look.size) <= 1200
    assert done.tree["look/menu.pdf.txt"].startswith(b"Tomato soup 5.50")
    assert "Prepared scan.jpg: it is a PNG, whatever its name says" in steps
    assert "Prepared IMG_2034.HEIC: it lost the place where it was taken, became a JPEG, which browsers show" in steps
    assert preparation_limits(worker_settings()).memory_bytes * 2 == worker_settings().worker_memory_bytes


@pytest.mark.usefixtures("sandbox")
def test_a_file_that_can_not_be_used_is_named() -> None:
    samples = [
        next(sample for sample in GOOD if sample.name == "drawing.svg"),
        Sample("cut.png", lambda: b"\x89PNG\r\n\x1a\n"),
    ]
    with pytest.raises(InvalidInput, match=r"^cut\.png is damaged\."):
        prepared(samples, [])


_ONE = [AttachedFile(upload="0" * 64, name="a.jpg", size=1)]
_HALF = b'{"problem": {"why": "\\ud83e", "hint": "\\udd50"}}'
_FACTS = b'{"file": {"path": "%s", "kind": "PNG", "bytes": 1, "pixels": null, "look": null, "notes": []}}'


@pytest.mark.parametrize(
    "line",
    [
        b"",
        _HALF,
        b"[" * 1_900_000,
        b"1",
        b'{"problem": 1}',
        b'{"file": {}}',
        b"\xff",
        _FACTS % b"../a.png",
        _FACTS % b"b.png",
    ],
)
def test_what_the_program_says_is_not_believed(line: bytes) -> None:
    lines = _Lines(_ONE, lambda _: None)
    lines.read(line)
    with pytest.raises(PageWrightError) as refused:
        _refuse(RunResult(exit_code=0, limit=None, tree={"a.png": b"x"}, error_output=b""), lines)
    assert Failure(detail=refused.value.detail, hint=refused.value.hint).model_dump_json()


def test_what_it_says_and_left_is_taken() -> None:
    lines = _Lines(_ONE, lambda _: None)
    lines.read(_FACTS % b"a.png")
    _refuse(RunResult(exit_code=0, limit=None, tree={"a.png": b"x"}, error_output=b""), lines)
    assert [file.path for file in lines.prepared] == ["a.png"]
