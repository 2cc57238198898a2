"""Decides whether an attribute of an SVG drawing only shapes it, with a value that no browser complains about.

It refuses what it does not know, even if a browser might understand it.
"""

import re
from collections.abc import Callable
from functools import partial

# The patterns try each character a few times at most, because hostile texts are long.
_NUMBER = r"[+-]?(?:\d{1,9}(?!\d)(?:\.\d+)?|\.\d+)(?:[eE]-\d{1,2}(?!\d))?"
_SPACE = r"[ \t\r\n]*"
_FIRST, _NEXT = (re.compile(f"{_SPACE}{comma}({_NUMBER})", re.ASCII) for comma in ("", f"(?:,{_SPACE})?"))
_FLAG = re.compile(f"{_SPACE}(?:,{_SPACE})?([01])")
_COMMAND = re.compile(f"{_SPACE}([MmLlHhVvCcSsQqTtAaZz])")
_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7}
_FLAGS_OF_ARC = (3, 4)
_TRANSFORM = re.compile(r"(?<![A-Za-z])([A-Za-z]+)\(([^()]*)\)")
_TRANSFORMS = {"matrix": (6,), "translate": (1, 2), "scale": (1, 2), "rotate": (1, 3), "skewX": (1,), "skewY": (1,)}
_UNIT = "(?:px|pt|mm|cm|in|em|%)?"

_FUNCTIONS = frozenset("rgb rgba hsl hsla matrix translate scale rotate skewx skewy".split())
_FUNCTION = re.compile(r"(?<![\w-])([\w-]+)\(", re.ASCII)
_OWN_URL = re.compile(r"""url\([ ]*(["']?)#[\w.-]+\1[ ]*\)""", re.ASCII | re.IGNORECASE)

Rule = Callable[[str], bool]


def is_path(text: str) -> bool:
    """Whether the whole text is the data of a path."""
    end, command = 0, _COMMAND.match(text)
    if command and command[1] not in "Mm":
        return False
    while command:
        end = command.end()
        if command[1] not in "Zz":
            end = _end_of_arguments(text, end, command[1].upper())
            if end == command.end():
                return False
        command = _COMMAND.match(text, end)
    return not text[end:].strip(" \t\r\n")


def _end_of_arguments(text: str, start: int, command: str) -> int:
    """Where the last whole group of arguments after a command ends."""
    end, position, count = start, start, 0
    while True:
        is_flag = command == "A" and count in _FLAGS_OF_ARC
        found = (_FLAG if is_flag else _FIRST if position == start else _NEXT).match(text, position)
        if not found:
            return end
        position, count = found.end(), (count + 1) % _ARGUMENTS[command]
        if not count:
            end = position


def _numbers(text: str) -> list[float]:
    """The numbers in a list; none if the text is anything else."""
    numbers, position = list[float](), 0
    while found := (_NEXT if numbers else _FIRST).match(text, position):
        numbers.append(float(found[1]))
        position = found.end()
    return [] if text[position:].strip(" \t\r\n") else numbers


def _is_transform(text: str) -> bool:
    done = _TRANSFORM.findall(text)
    fits = all(len(_numbers(arguments)) in _TRANSFORMS.get(name, ()) for name, arguments in done)
    return fits and not _TRANSFORM.sub("", text).strip(" \t\r\n")


def _is_view_box(text: str) -> bool:
    numbers = _numbers(text)
    return len(numbers) == 4 and min(numbers[2:]) >= 0


def is_style(text: str, *, refers: bool) -> bool:
    """Whether a style loads nothing; with `refers` it may refer to elements of the drawing."""
    rest, references = _OWN_URL.subn("", text)
    names = {name.lower() for name in _FUNCTION.findall(rest)}
    return "\\" not in text and names <= _FUNCTIONS and (refers or not (references or "inherit" in text.lower()))


def _matches(pattern: str) -> Rule:
    compiled = re.compile(pattern, re.ASCII)
    return lambda text: compiled.fullmatch(text) is not None


def _rules() -> dict[str, Rule]:
    """The rule for the value of each attribute that a browser parses and may complain about."""
    size = r"\+?(?:\d{1,9}(?:\.\d+)?|\.\d+)"
    units = _matches("userSpaceOnUse|objectBoundingBox")
    rules: dict[str, Rule] = {
        "d": is_path,
        "points": lambda text: len(_numbers(text)) % 2 == 0 and bool(_numbers(text) or not text),
        "viewBox": _is_view_box,
        "preserveAspectRatio": _matches("none|x(?:Min|Mid|Max)Y(?:Min|Mid|Max)(?: (?:meet|slice))?"),
        "offset": _matches(f"{size}%?"),
        "spreadMethod": _matches("pad|reflect|repeat"),
    }
    rules |= dict.fromkeys(("transform", "gradientTransform"), _is_transform)
    rules |= dict.fromkeys("width height r rx ry fr".split(), _matches(f"{size}{_UNIT}"))
    rules |= dict.fromkeys("x y x1 x2 y1 y2 cx cy fx fy dx dy".split(), _matches(_NUMBER + _UNIT))
    return rules | dict.fromkeys(("gradientUnits", "clipPathUnits"), units)


_RULES = _rules()
_QUIET = frozenset(
    """id class lang role style version baseProfile focusable enable-background type
    fill fill-rule fill-opacity stroke stroke-width stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity
    stroke-dashoffset clip-path clip-rule opacity color stop-color stop-opacity display visibility overflow
    shape-rendering vector-effect font-family font-size font-weight font-style text-anchor letter-spacing""".split()
)
_DESCRIBING = re.compile(r"(?:aria|data)-[a-z][a-z0-9-]*")


def is_harmless(name: str, value: str, *, refers: bool) -> bool:
    """Whether this attribute, which has no namespace, can only shape and describe."""
    rule = _RULES.get(name)
    if rule is None and name not in _QUIET and not _DESCRIBING.fullmatch(name):
        return False
    return (rule or partial(is_style, refers=refers))(value)
