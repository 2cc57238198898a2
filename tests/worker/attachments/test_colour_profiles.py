"""Whatever the colours of a picture, a browser shows them."""

import pytest
from PIL import Image

from daemons.worker.attachments.colour_profiles import for_screens


def test_print_colours_become_screen_colours() -> None:
    shown, profile, turned = for_screens(Image.new("CMYK", (2, 2), (0, 255, 255, 0)))
    red, green, blue = shown.getpixel((0, 0))  # type: ignore[misc]
    assert (shown.mode, profile, turned) == ("RGB", None, True)
    assert red > 200 and green < 60 and blue < 60


@pytest.mark.parametrize(
    ("picture", "mode", "pixel"),
    [
        (Image.new("I;16", (2, 2), 257 * 128), "L", 128),
        (Image.new("I", (2, 2), 200), "L", 200),
        (Image.new("F", (2, 2), 17.0), "L", 17),
        (Image.new("1", (2, 2), 255), "L", 255),
        (Image.new("PA", (2, 2)), "RGBA", (0, 0, 0, 0)),
    ],
)
def test_rare_kinds_of_pixels_become_ordinary_ones(picture: Image.Image, mode: str, pixel: object) -> None:
    shown, _, _ = for_screens(picture)
    assert (shown.mode, shown.getpixel((1, 1))) == (mode, pixel)


def test_one_transparent_colour_stays_transparent() -> None:
    picture = Image.new("P", (2, 2))
    picture.info["transparency"] = 0
    assert for_screens(picture)[0].getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_a_broken_profile_goes() -> None:
    picture = Image.new("RGB", (2, 2))
    picture.info["icc_profile"] = b"no profile"
    assert for_screens(picture)[1] is None
