"""A photo in a document keeps its pixels and loses its remarks."""

from io import BytesIO

from PIL import Image

from daemons.worker.attachments.jpeg_segments import without_remarks
from tests.support.attached_files import PLACE, SAMPLES

PHOTO = SAMPLES[0].data


def test_remarks_go_and_pixels_stay() -> None:
    made = without_remarks(PHOTO)
    assert PLACE in PHOTO and PLACE not in made
    assert Image.open(BytesIO(made)).tobytes() == Image.open(BytesIO(PHOTO)).tobytes()


def test_what_is_no_photo_stays() -> None:
    assert without_remarks(b"\xff\xd8") == b"\xff\xd8"
    assert without_remarks(b"text") == b"text"
