"""Names a colour as a person would: the nearest of some forty names, by a distance that follows the eye."""

import re

_RGB = re.compile(r"rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)")
_NAMES = {
    "black": "000000", "dark grey": "404040", "grey": "808080", "light grey": "d3d3d3", "white": "ffffff",
    "cream": "fff8e1", "beige": "f0e0c0", "brown": "8b4513", "dark brown": "4a2c17", "light brown": "c49a6c",
    "red": "e00000", "dark red": "8b0000", "light red": "ff8080", "pink": "ffb6c1", "bright pink": "ff1493",
    "orange": "ff8c00", "light orange": "ffcc80", "dark orange": "c05000", "yellow": "ffe000",
    "light yellow": "fffacd", "gold": "d4af37", "olive": "808000", "green": "008000", "bright green": "00d000",
    "dark green": "004d00", "light green": "90ee90", "pale green": "d8f5d8", "turquoise": "40c8c0",
    "dark turquoise": "006868", "light turquoise": "c8f0f0", "blue": "1040e0", "dark blue": "00205c",
    "light blue": "add8e6", "pale blue": "e3f2fd", "sky blue": "4aa8e8", "purple": "800080",
    "dark purple": "3c0a5c", "light purple": "d8b4f0", "grey blue": "607890", "pale grey": "f0f0f0",
}  # fmt: skip
_COLOURS = {name: tuple(bytes.fromhex(value)) for name, value in _NAMES.items()}


def colour_name(value: str) -> str:
    """The name of a computed colour such as `rgb(255, 248, 225)`; another value, such as a gradient, is `a pattern`."""
    found = _RGB.fullmatch(value)
    if not found:
        return "a pattern" if value else ""
    if found[4] is not None and float(found[4]) == 0:
        return "transparent"
    seen = (int(found[1]), int(found[2]), int(found[3]))
    return min(_COLOURS, key=lambda name: _distance(_COLOURS[name], seen))


def sample_of(name: str) -> str:
    """The colour that a name stands for, as `#ffb6c1`; empty if it stands for none."""
    return f"#{_NAMES[name]}" if name in _NAMES else ""


def sample(value: str) -> str:
    """A computed colour as `#ffb6c1`; empty for one that is seen through, or another value."""
    found = _RGB.fullmatch(value)
    if not found or (found[4] is not None and float(found[4]) < 1):
        return ""
    red, green, blue = (min(int(found[part]), 255) for part in (1, 2, 3))
    return f"#{red:02x}{green:02x}{blue:02x}"


def _distance(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Squared distance; reds weigh more in light colours and blues in dark ones, as eyes have it ("redmean")."""
    red = (one[0] + other[0]) / 2
    r, g, b = ((a - c) ** 2 for a, c in zip(one, other, strict=True))
    return (2 + red / 256) * r + 4 * g + (2 + (255 - red) / 256) * b
