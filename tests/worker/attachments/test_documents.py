"""A PDF keeps its pages and loses what acts."""

from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, RectangleObject, TextStringObject

from daemons.worker.attachments.documents import prepare_document
from daemons.worker.attachments.prepared import Unusable
from tests.support.attached_files import SAMPLES


def sample(name: str) -> bytes:
    return next(one.data for one in SAMPLES if one.name == name)


@pytest.mark.parametrize("name", ["menu.pdf", "script.pdf", "launch.pdf"])
def test_its_pages_stay(name: str) -> None:
    made = PdfReader(BytesIO(prepare_document(sample(name)).data))
    assert [page.extract_text().strip() for page in made.pages] == ["Tomato soup 5.50", ""]
    assert len(made.pages[0].images) == 1
    assert made.metadata is None


def test_only_what_acted_is_told() -> None:
    assert prepare_document(sample("menu.pdf")).notes == ("has 2 pages",)
    assert prepare_document(sample("script.pdf")).notes == ("has 2 pages", "lost what could run in it")


def test_a_link_stays_a_link() -> None:
    writer = PdfWriter()
    writer.add_blank_page(9, 9)
    action = {NameObject("/S"): NameObject("/URI"), NameObject("/URI"): TextStringObject("https://example.org/")}
    link = {NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): DictionaryObject(action)}
    writer.add_annotation(0, DictionaryObject({**link, NameObject("/Rect"): RectangleObject((0, 0, 9, 9))}))
    out = BytesIO()
    writer.write(out)
    (kept,) = PdfReader(BytesIO(prepare_document(out.getvalue()).data)).pages[0]["/Annots"]
    assert kept["/A"]["/URI"] == "https://example.org/"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"%PDF-1.7\nstartxref\n0\n%%EOF", "damaged|no pages"),
        (b"%PDF-1.7\n1 0 obj<</Linearized 1/L 99999>>\nstartxref\n0\n%%EOF", "ends too early"),
    ],
)
def test_a_damaged_document_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Unusable, match=why):
        prepare_document(data)
