"""Pictures come out upright, in their own colours, small enough, and moving if they moved."""

from io import BytesIO

import pytest
from PIL import Image, ImageCms

from daemons.worker.attachments.pictures import prepare_picture
from daemons.worker.attachments.prepared import Unusable
from shared.domain.attachment_kinds import AttachmentKind
from tests.support.attached_files import SAMPLES


def sample(name: str) -> bytes:
    return next(one.data for one in SAMPLES if one.name == name)


def saved(picture: Image.Image, kind: str, **more: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **more)  # type: ignore[arg-type]
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@pytest.mark.parametrize("name", ["IMG_0002.JPG", "Frühstück am Fenster.heic"])
def test_a_phone_held_upright_gives_an_upright_picture(name: str) -> None:
    """The samples' red corner is at the top left as the camera lay, so it is at the top right."""
    kind = AttachmentKind.HEIC if name.endswith("heic") else AttachmentKind.JPEG
    picture = opened(prepare_picture(sample(name), kind).data)
    red, _, blue = picture.getpixel((picture.width - 9, 9))  # type: ignore[misc]
    assert red > 180 and blue < 90


def test_a_fitting_colour_profile_stays_and_a_foreign_one_goes() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    colour = saved(Image.new("RGB", (9, 9), "red"), "JPEG", icc_profile=profile)
    grey = saved(Image.new("L", (9, 9), 99), "JPEG", icc_profile=profile)
    assert opened(prepare_picture(colour, AttachmentKind.JPEG).data).info["icc_profile"] == profile
    assert "icc_profile" not in opened(prepare_picture(grey, AttachmentKind.JPEG).data).info


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "AVIF"])
def test_what_moves_still_moves(kind: str) -> None:
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "green", "blue")]
    moving = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=120, loop=0)
    picture = opened(prepare_picture(moving, AttachmentKind[kind]).data)
    assert picture.n_frames == 3  # type: ignore[attr-defined]
    picture.seek(1)
    picture.load()
    assert picture.info["duration"] == 120


def test_a_transparent_picture_stays_transparent() -> None:
    seen = prepare_picture(saved(Image.new("RGBA", (9, 9), (255, 0, 0, 0)), "PNG"), AttachmentKind.PNG)
    assert opened(seen.data).convert("RGBA").getpixel((1, 1))[3] == 0  # type: ignore[index]
    assert opened(seen.look["jpg"]).getpixel((1, 1)) == (255, 255, 255), "what the agent sees is on white"


def test_a_photo_saved_as_png_becomes_a_jpeg() -> None:
    photo = Image.effect_noise((1400, 900), 90).convert("RGB")
    seen = prepare_picture(saved(photo, "PNG"), AttachmentKind.PNG)
    assert (seen.kind, seen.notes) == (AttachmentKind.JPEG, ("became a JPEG",))


@pytest.mark.parametrize(
    ("size", "frames", "why"),
    [((2000, 1500), 90, "2,000 × 1,500 pixels in 90 frames"), ((2600, 20), 2, "moves and is 2,600 pixels wide")],
)
def test_an_animation_that_is_too_large_is_refused(size: tuple[int, int], frames: int, why: str) -> None:
    pictures = [Image.new("L", size, shade) for shade in range(frames)]
    with pytest.raises(Unusable, match=why):
        prepare_picture(saved(pictures[0], "GIF", save_all=True, append_images=pictures[1:]), AttachmentKind.GIF)
