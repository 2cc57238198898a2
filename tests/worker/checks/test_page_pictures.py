"""Pictures show the whole page at both widths, when it has settled, and have bounds."""

from pathlib import Path

import pytest
from PIL import Image

from daemons.worker.checks.observation_limits import HIGHEST_PICTURE, LARGEST_PICTURE
from daemons.worker.checks.page_blocks import Block, read_blocks
from tests.worker.conftest import Looker, Seen

HEAD = "<!doctype html><meta charset=utf-8><title>Bakery</title><style>body { margin: 0 }</style>"
RED, WHITE = (254, 0, 0), (255, 255, 255)


def _picture(folder: Path, seen: Seen, viewport: str) -> Image.Image:
    with Image.open(folder / "report" / seen["screenshots"][viewport]) as picture:
        picture.load()
        return picture


def _is(colour: tuple[int, int, int], pixel: object) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 12 for one, other in zip(colour, pixel, strict=True))


def _blocks(seen: Seen) -> dict[str, Block]:
    read = read_blocks(seen["blocks"])
    assert read, seen
    return {block.text or block.name: block for block in read.blocks}


def test_a_page_is_pictured_whole_and_its_blocks_lie_on_the_pictures(look: Looker, tmp_path: Path) -> None:
    page = f"{HEAD}<div style='height:150vw'></div><p style='background:red;margin:0'>Fresh bread"
    seen = look.picture(tmp_path, page)
    block = _blocks(seen)["Fresh bread"]
    assert block.phone
    for viewport, width, (left, top, box_width, height) in (("desktop", 1280, block.box), ("phone", 390, block.phone)):
        picture = _picture(tmp_path, seen, viewport)
        assert (picture.width, box_width) == (width, width)
        assert picture.height == max(top + height, 844 if width == 390 else 800)
        assert _is(RED, picture.getpixel((left + width - 5, top + height // 2)))
        assert _is(WHITE, picture.getpixel((left + width - 5, top - 20)))
    assert _picture(tmp_path, seen, "small").size == (320, 200)


def test_what_a_phone_hides_has_no_box_there(look: Looker, tmp_path: Path) -> None:
    page = f"{HEAD}<style>@media (max-width: 500px) {{ p {{ display: none }} }}</style><p>Wide<h1>Both</h1>"
    blocks = _blocks(look.picture(tmp_path, page))
    assert blocks["Wide"].phone is None
    assert blocks["Both"].phone


def test_a_background_of_the_page_has_the_page_s_box(look: Looker, tmp_path: Path) -> None:
    page = f"{HEAD}<style>body {{ background: red; height: 10px }}</style><p style='margin-top:3000px'>Low"
    body = _blocks(look.picture(tmp_path, page))["body"]
    assert body.box[:3] == (0, 0, 1280)
    assert body.box[3] > 3000


def test_a_high_page_is_cut(look: Looker, tmp_path: Path) -> None:
    seen = look.picture(tmp_path, f"{HEAD}<div style='height:20000px'></div><p>Low")
    assert _picture(tmp_path, seen, "desktop").size == (1280, HIGHEST_PICTURE)
    assert _picture(tmp_path, seen, "phone").size == (390, HIGHEST_PICTURE)
    assert _blocks(seen)["Low"].box[1] == 20_016, "its box says that it is below the picture"


def test_a_picture_that_is_too_large_is_taken_again_smaller(look: Looker, tmp_path: Path) -> None:
    noise = (
        "<canvas id=c width=1280 height=8000></canvas><script>const p = c.getContext('2d'), d = p.createImageData(1280,"
        " 8000); for (let i = 0; i < d.data.length; i++) d.data[i] = i % 4 == 3 ? 255 : Math.random() * 256;"
        "p.putImageData(d, 0, 0)</script>"
    )
    seen = look.picture(tmp_path, f"{HEAD}{noise}")
    data = (tmp_path / "report" / seen["screenshots"]["desktop"]).read_bytes()
    assert len(data) <= LARGEST_PICTURE
    assert _picture(tmp_path, seen, "desktop").height == HIGHEST_PICTURE // 3


@pytest.mark.parametrize("moving", ["forwards", "infinite"])
def test_pictures_show_the_page_when_all_is_there(moving: str, look: Looker, tmp_path: Path) -> None:
    """A picture far below loads, an animation has ended or has not begun, and the text cursor is hidden."""
    Image.new("RGB", (40, 40), "red").save(tmp_path / "red.png")
    page = (
        f"{HEAD}<style>@keyframes in {{ from {{ opacity: 0 }} }} p {{ animation: in 60s {moving} }}</style>"
        "<p>Fresh bread<input autofocus><div style='height:6000px'></div><img loading=lazy src=red.png>"
    )
    seen = look.picture(tmp_path, page)
    assert "Fresh bread" in _blocks(seen), "at its begin the text is transparent"
    picture = _picture(tmp_path, seen, "desktop")
    assert _is(RED, picture.getpixel((20, picture.height - 25)))
    assert "/red.png" in seen["loads"]["items"]
