"""Makes a picture fit for the web: upright, of a sensible size, without anything about who took it, where and when.

It is always written anew from its pixels, so nothing else that a file may hold comes along.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pillow_heif
from PIL import Image, ImageOps

from daemons.worker.attachments.colour_profiles import for_screens
from daemons.worker.attachments.gif_blocks import shown_blocks
from daemons.worker.attachments.prepared import Prepared, Unusable
from shared.domain.attachment_kinds import AttachmentKind

pillow_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = None  # the header is judged here, by kind

MOST_WIDTH, MOST_HEIGHT = 2560, 5120
LOOK_SIDE = 1200
# Decoding a JPEG can skip pixels; others are decoded whole, and an animation is decoded frame by frame.
_MOST_PIXELS = {AttachmentKind.JPEG: 210_000_000}
_MOST_DECODED = 120_000_000
_MOST_MOVING = 250_000_000
_PHOTO_BYTES = 1_000_000  # a larger PNG without transparency may be a photo
_FORMATS: Mapping[AttachmentKind, tuple[str, ...]] = {
    AttachmentKind.JPEG: ("JPEG", "MPO"),
    AttachmentKind.PNG: ("PNG",),
    AttachmentKind.WEBP: ("WEBP",),
    AttachmentKind.AVIF: ("AVIF",),
    AttachmentKind.HEIC: ("HEIF",),
    AttachmentKind.GIF: ("GIF",),
}
_SAVED: Mapping[AttachmentKind, dict[str, Any]] = {
    AttachmentKind.JPEG: {"format": "JPEG", "quality": 85, "progressive": True, "optimize": True},
    AttachmentKind.PNG: {"format": "PNG", "compress_level": 7},
    AttachmentKind.WEBP: {"format": "WEBP", "quality": 82, "method": 4},
    AttachmentKind.AVIF: {"format": "AVIF", "quality": 65, "speed": 8},
}
_LOCATION, _EXIF, _ORIENTATION = 0x8825, 0x8769, 0x0112


def prepare_picture(data: bytes, kind: AttachmentKind) -> Prepared:
    """The picture for the site. Raises Unusable if it is damaged or too large."""
    try:
        with Image.open(BytesIO(data), formats=_FORMATS[kind]) as picture:
            frames = _frames(picture, kind)
            _check_size(picture.size, kind, frames)
            if kind is AttachmentKind.GIF:
                return _as_it_moves(shown_blocks(data), picture, frames)
            if frames > 1:
                return _moving(picture, kind, frames)
            return _still(picture, kind, data)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        incomplete = isinstance(error, EOFError) or "truncated" in str(error).lower()
        raise Unusable("is incomplete: it ends too early" if incomplete else "is damaged") from None
    except MemoryError:
        raise Unusable("needs too much memory", "Make it smaller and attach it again.") from None


def _frames(picture: Image.Image, kind: AttachmentKind) -> int:
    """How many frames are shown one after the other; the further pictures of a photo are not shown."""
    return 1 if kind in (AttachmentKind.JPEG, AttachmentKind.HEIC) else int(getattr(picture, "n_frames", 1))


def _check_size(size: tuple[int, int], kind: AttachmentKind, frames: int) -> None:
    width, height = size
    most = _MOST_MOVING if frames > 1 else _MOST_PIXELS.get(kind, _MOST_DECODED)
    if width * height * frames > most:
        many = f" in {frames:,} frames" if frames > 1 else ""
        raise Unusable(
            f"has {width:,} × {height:,} pixels{many}, more than {most // 1_000_000} million",
            "Make it smaller and attach it again.",
        )
    if frames > 1 and width > MOST_WIDTH:
        raise Unusable(f"moves and is {width:,} pixels wide", f"Make it at most {MOST_WIDTH:,} pixels wide.")


def _still(picture: Image.Image, kind: AttachmentKind, data: bytes) -> Prepared:
    notes = _private_notes(picture)
    original, target = _sizes(picture)
    if kind is AttachmentKind.JPEG:
        picture.draft(None, target if original == picture.size else target[::-1])
    if picture.getexif().get(_ORIENTATION, 1) != 1:
        ImageOps.exif_transpose(picture, in_place=True)
        notes.append("was turned upright")
    shown, profile, from_print = for_screens(picture)
    if from_print:
        notes.append("got colours for screens instead of print")
    if shown.size != target:
        shown = shown.resize(target, Image.Resampling.LANCZOS, reducing_gap=2.0)
    if target != original:
        notes.append(f"was scaled from {original[0]:,} × {original[1]:,} pixels")
    made, saved = _smallest(shown, kind, profile, lossless=b"VP8L" in data[:64])
    if made is not kind:
        notes.append(f"became a {made}, which browsers show" if kind is AttachmentKind.HEIC else f"became a {made}")
    return Prepared(saved, made, shown.size, tuple(notes), {"jpg": _look(shown)})


def _sizes(picture: Image.Image) -> tuple[tuple[int, int], tuple[int, int]]:
    """The size of the upright picture, and the one that it has on the site."""
    lies = picture.getexif().get(_ORIENTATION, 1) in (5, 6, 7, 8)
    original = (picture.size[1], picture.size[0]) if lies else picture.size
    return original, _reduced(original)


def _reduced(size: tuple[int, int]) -> tuple[int, int]:
    """The size on the site: the same shape, in the box that is allowed."""
    factor = min(1.0, MOST_WIDTH / size[0], MOST_HEIGHT / size[1])
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def _private_notes(picture: Image.Image) -> list[str]:
    """What the file tells beside its pixels, and will not tell on the site."""
    exif = picture.getexif()
    if exif.get_ifd(_LOCATION):
        return ["lost the place where it was taken"]
    told = bool(exif.get_ifd(_EXIF)) or "xmp" in picture.info
    return ["lost what it told of camera and date"] if told else []


def _smallest(
    shown: Image.Image, kind: AttachmentKind, profile: bytes | None, *, lossless: bool
) -> tuple[AttachmentKind, bytes]:
    """The picture as bytes: a HEIC, which few browsers show, and a photo that is a large PNG become JPEGs."""
    if kind in (AttachmentKind.HEIC, AttachmentKind.JPEG):
        return AttachmentKind.JPEG, _save(_opaque(shown), AttachmentKind.JPEG, profile)
    saved = _save(shown, kind, profile, **({"lossless": True} if kind is AttachmentKind.WEBP and lossless else {}))
    if kind is AttachmentKind.PNG and len(saved) > _PHOTO_BYTES and not shown.has_transparency_data:
        as_photo = _save(_opaque(shown), AttachmentKind.JPEG, profile, quality=90)
        if len(as_photo) < len(saved) / 3:
            return AttachmentKind.JPEG, as_photo
    return kind, saved


def _save(picture: Image.Image, kind: AttachmentKind, profile: bytes | None, **more: object) -> bytes:
    out = BytesIO()
    clean = picture.copy()
    clean.info = {}
    clean.save(out, **(_SAVED[kind] | more), exif=b"", icc_profile=profile or b"")
    return out.getvalue()


def _opaque(picture: Image.Image) -> Image.Image:
    """The picture on white, as a JPEG has it."""
    if picture.mode in ("RGBA", "LA"):
        white = Image.new("RGBA", picture.size, "white")
        white.alpha_composite(picture.convert("RGBA"))
        return white.convert("RGB")
    return picture if picture.mode in ("RGB", "L") else picture.convert("RGB")


def _look(picture: Image.Image) -> bytes:
    """A small copy for the agent, which pays for each pixel that it sees."""
    small = _opaque(picture).copy()
    small.thumbnail((LOOK_SIDE, LOOK_SIDE), reducing_gap=2.0)
    return _save(small, AttachmentKind.JPEG, None, quality=80)


def _first_look(picture: Image.Image) -> bytes:
    picture.seek(0)
    return _look(for_screens(picture)[0])


def _as_it_moves(data: bytes, picture: Image.Image, frames: int) -> Prepared:
    """A GIF with its own frames, each of which can be read."""
    for frame in range(frames):
        picture.seek(frame)
        picture.load()
    return Prepared(data, AttachmentKind.GIF, picture.size, _moving_notes(frames), {"jpg": _first_look(picture)})


def _moving(picture: Image.Image, kind: AttachmentKind, frames: int) -> Prepared:
    """An animation written anew, frame by frame."""
    shown, times = list[Image.Image](), list[int]()
    loop = int(picture.info.get("loop", 0))
    for frame in range(frames):
        picture.seek(frame)
        picture.load()
        times.append(int(picture.info.get("duration", 100)))
        shown.append(picture.convert("RGBA"))
        shown[-1].info = {}
    out = BytesIO()
    shown[0].save(
        out,
        **_SAVED[kind],
        save_all=True,
        append_images=shown[1:],
        duration=times,
        loop=loop,
        exif=b"",
        icc_profile=b"",
    )
    return Prepared(out.getvalue(), kind, picture.size, _moving_notes(frames), {"jpg": _look(shown[0])})


def _moving_notes(frames: int) -> tuple[str, ...]:
    return (f"moves in {frames:,} frames",) if frames > 1 else ()
