"""The first bytes tell what a file is."""

import pytest

from shared.domain.attachment_kinds import AttachmentKind, kind_of, named_for, why_not
from tests.support.attached_files import SAMPLES, Sample
from tests.support.packed import zip_of

_FTYP = b"\0\0\0\x1cftyp%s\0\0\0\0mif1%s"


@pytest.mark.parametrize("sample", [one for one in SAMPLES if one.name != "poster.png"], ids=lambda one: one.name)
def test_the_content_counts_and_not_the_name(sample: Sample) -> None:
    kind = kind_of(sample.data[:4096])
    assert (kind is None) == sample.early
    if sample.kind and not sample.name.lower().endswith((".heic", "scan.jpg")):
        assert kind == sample.kind


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (_FTYP % (b"mif1", b"avif"), AttachmentKind.AVIF),
        (_FTYP % (b"heic", b"heix"), AttachmentKind.HEIC),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", None),
        (b"\xef\xbb\xbf<!-- a --><!DOCTYPE svg PUBLIC '-//W3C' [<!ENTITY a 'b'>]>\n<s:svg>", AttachmentKind.SVG),
        (b"<svgfoo>", None),
        (b"<html><svg>", None),
        (b"", None),
    ],
)
def test_the_kind(head: bytes, kind: AttachmentKind | None) -> None:
    assert kind_of(head) is kind


@pytest.mark.parametrize(
    ("head", "why"),
    [
        (zip_of({"[Content_Types].xml": b"x"}), "office program: save it as PDF"),
        (zip_of({"a.txt": b"x"}), "an archive"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "a video"),
        (b"#!/bin/sh", "a program"),
        (b"ID3\x04", "a sound"),
        (b"II*\0", "as JPEG or PNG"),
        (b"Hello", "none of the kinds"),
        (b"", "none of the kinds"),
    ],
)
def test_a_sentence_says_what_it_is_instead(head: bytes, why: str) -> None:
    assert why in why_not(head)


def test_a_name_may_promise_something_else() -> None:
    assert named_for("a.JPEG", AttachmentKind.JPEG)
    assert named_for("a", AttachmentKind.PDF)
    assert not named_for("a.png", AttachmentKind.JPEG)
