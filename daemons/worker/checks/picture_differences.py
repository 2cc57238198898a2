"""Finds where two pictures of a page differ; runs inside the sandbox.

The same browser draws both, and writes the same bytes for what looks the same. So no tolerance is needed but for the
edges of a JPEG's squares, which a difference beside them reaches.
"""

from io import BytesIO

from PIL import Image, ImageChops

from daemons.worker.checks.observation_limits import MOST_LOOKS

Box = tuple[int, int, int, int]

_FAINT = 12  # of 255: nobody sees this
_TOGETHER = 24  # rows between two differences that are one


def differences(before: bytes, after: bytes) -> list[Box]:
    """Boxes around what differs, from top to bottom: left, top, width and height."""
    if before == after:
        return []
    with Image.open(BytesIO(before), formats=("JPEG",)) as one, Image.open(BytesIO(after), formats=("JPEG",)) as other:
        height = min(one.height, other.height)
        size = (0, 0, min(one.width, other.width), height)
        seen = ImageChops.difference(one.crop(size), other.crop(size)).convert("L").point(_is_seen)
        boxes = [_box(seen, top, end) for top, end in _bands(seen.getprojection()[1])]
        if one.height != other.height:
            boxes.append((0, height, size[2], abs(one.height - other.height)))
    return boxes[:MOST_LOOKS]


def without(boxes: list[Box], unsteady: list[Box]) -> list[Box]:
    """The boxes that none of the others touches."""
    return [box for box in boxes if not any(_touch(box, other) for other in unsteady)]


def _is_seen(value: int) -> int:
    return 255 if value > _FAINT else 0


def _bands(rows: list[int]) -> list[tuple[int, int]]:
    """Where rows with differences begin and end; a few rows without one don't part them."""
    bands: list[tuple[int, int]] = []
    for row in (row for row, differs in enumerate(rows) if differs):
        if bands and row - bands[-1][1] <= _TOGETHER:
            bands[-1] = (bands[-1][0], row + 1)
        else:
            bands.append((row, row + 1))
    return bands


def _box(seen: Image.Image, top: int, end: int) -> Box:
    left, _, right, _ = seen.crop((0, top, seen.width, end)).getbbox() or (0, 0, seen.width, 0)
    return left, top, right - left, end - top


def _touch(one: Box, other: Box) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )
