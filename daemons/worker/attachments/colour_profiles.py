"""Colours as browsers expect them: print colours become screen colours, and only a fitting small profile stays."""

from io import BytesIO

from PIL import Image, ImageCms

_MOST_BYTES = 64 << 10
_SPACES = {"RGB": "RGB ", "RGBA": "RGB ", "L": "GRAY", "LA": "GRAY"}
_DEEP = ("I", "F")  # one channel of more than 8 bits


def for_screens(picture: Image.Image) -> tuple[Image.Image, bytes | None, bool]:
    """The picture in a mode that browsers show, its profile if that may stay, and whether print colours were turned."""
    profile = _read(picture.info.get("icc_profile"))
    if picture.mode in ("CMYK", "YCCK", "LAB", "YCbCr", "HSV"):
        return _from_print(picture, profile), None, True
    if picture.mode.startswith(_DEEP):
        return _in_8_bits(picture), None, False
    if picture.mode == "1":  # which could not be scaled smoothly
        picture = picture.convert("L")
    elif picture.mode == "P":
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    elif picture.mode in ("RGBX", "RGBa", "La", "PA"):
        picture = picture.convert("RGBA")
    elif picture.mode in ("RGB", "L") and "transparency" in picture.info:
        picture = picture.convert("RGBA" if picture.mode == "RGB" else "LA")
    fits = profile and profile.profile.xcolor_space == _SPACES.get(picture.mode)
    return picture, picture.info.get("icc_profile") if fits else None, False


def _read(profile: bytes | None) -> ImageCms.ImageCmsProfile | None:
    if not profile or len(profile) > _MOST_BYTES * 32:  # those of printing presses are large
        return None
    try:
        return ImageCms.ImageCmsProfile(BytesIO(profile))
    except (OSError, ImageCms.PyCMSError, ValueError):
        return None


def _from_print(picture: Image.Image, profile: ImageCms.ImageCmsProfile | None) -> Image.Image:
    if profile and picture.mode in ("CMYK", "LAB"):
        try:
            turned = ImageCms.profileToProfile(picture, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except ImageCms.PyCMSError:
            turned = None
        if turned:
            return turned
    return picture.convert("RGB")


def _in_8_bits(picture: Image.Image) -> Image.Image:
    """A grey picture of 16 bits, or of other numbers, as one of 8 bits."""
    if picture.mode.startswith("I;16"):
        return picture.point(lambda value: value * (1 / 256) + 0).convert("L")
    lowest, highest = picture.getextrema()
    span = (highest - lowest) or 1  # type: ignore[operator]
    factor = 255 / span if highest > 255 else 1  # type: ignore[operator]
    return picture.point(lambda value: value * factor + 0).convert("L")
