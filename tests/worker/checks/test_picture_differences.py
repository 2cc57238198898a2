"""Two pictures of one page are compared pixel by pixel, and boxes say where they differ."""

from io import BytesIO

from PIL import Image, ImageDraw

from daemons.worker.checks.observation_limits import MOST_LOOKS
from daemons.worker.checks.picture_differences import differences, without


def _picture(*boxes: tuple[int, int, int, int], height: int = 2_000) -> bytes:
    picture = Image.new("RGB", (400, height), "white")
    for left, top, width, box_height in boxes:
        ImageDraw.Draw(picture).rectangle((left, top, left + width - 1, top + box_height - 1), "navy")
    target = BytesIO()
    picture.save(target, "JPEG", quality=70)
    return target.getvalue()


def test_equal_pictures_differ_nowhere() -> None:
    assert differences(_picture((10, 10, 50, 50)), _picture((10, 10, 50, 50))) == []


def test_a_box_is_as_large_as_the_difference_or_a_little_larger() -> None:
    first, second = differences(_picture(), _picture((64, 160, 32, 16), (320, 800, 16, 160)))
    for found, (left, top, width, height) in ((first, (64, 160, 32, 16)), (second, (320, 800, 16, 160))):
        assert left - 16 <= found[0] <= left
        assert top - 16 <= found[1] <= top
        assert width <= found[2] <= width + 32
        assert height <= found[3] <= height + 32


def test_a_page_that_is_longer_differs_below() -> None:
    assert differences(_picture(), _picture(height=2_400)) == [(0, 2_000, 400, 400)]


def test_there_is_a_limit() -> None:
    rows = [(0, 100 * n, 10, 10) for n in range(20)]
    assert len(differences(_picture(), _picture(*rows))) == MOST_LOOKS


def test_what_changes_by_itself_is_left_out() -> None:
    boxes = [(0, 0, 10, 10), (0, 50, 10, 10)]
    assert without(boxes, [(5, 5, 100, 10)]) == [(0, 50, 10, 10)]
    assert without(boxes, []) == boxes
