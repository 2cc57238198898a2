"""Observes a static SVG drawing without a browser; runs inside the sandbox.

A static drawing has shapes and text only: no script, event, animation or document type, nothing that loads or repeats,
no value that a browser complains about. The browser loads every drawing that has anything else, as it loads pages.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from xml.parsers.expat import ExpatError, ParserCreate

from daemons.worker.checks.cutting import cut
from daemons.worker.checks.observation_limits import MOST_ADDRESSES
from daemons.worker.checks.svg_attributes import is_harmless, is_style
from daemons.worker.checks.web_answer import WebAnswer

_MOST_BYTES = 512 << 10
_MOST_DEPTH = 64
_TYPES = ("image/svg+xml", "image/svg+xml; charset=utf-8")
_SVG, _XLINK, _XML = (
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/XML/1998/namespace",
)
_GRADIENTS = frozenset(("linearGradient", "radialGradient"))
_ELEMENTS = _GRADIENTS | frozenset(
    "svg g defs symbol title desc path rect circle ellipse line polyline polygon text tspan stop clipPath style".split()
)
_NAMESPACED = frozenset((f"{_XML} space", f"{_XML} lang"))
_PLACE = re.compile(r"#[\w.-]+", re.ASCII)


class _Unknown(Exception):
    """Something in the drawing is not known to be harmless."""


def read_static_svg(path: str, answer: WebAnswer) -> dict[str, object] | None:
    """A PageObservation of the drawing in this answer, as JSON; None if a browser has to look at it."""
    kind, encoded = answer.headers.get("Content-Type", ""), "Content-Encoding" in answer.headers
    if answer.status is not HTTPStatus.OK or encoded or kind.lower() not in _TYPES or len(answer.body) > _MOST_BYTES:
        return None
    drawing = _StaticSvg()
    try:
        answer.body.decode()
        drawing.read(answer.body)
    except (_Unknown, ExpatError, ValueError):
        return None
    return {"path": path, **drawing.seen()}


class _StaticSvg:
    """Parses a drawing element by element. Raises _Unknown at the first that is not known to be harmless."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._places: list[str] = []
        self._text: list[str] = []
        self._style: list[str] = []

    def read(self, data: bytes) -> None:
        """Parse the whole drawing."""
        parser = ParserCreate(encoding="utf-8", namespace_separator=" ")
        parser.XmlDeclHandler = _declaration
        parser.StartDoctypeDeclHandler = parser.ProcessingInstructionHandler = _refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.Parse(data, True)

    def seen(self) -> dict[str, object]:
        """The parts of an observation that the page script would report."""
        return {
            "places": cut(self._places, MOST_ADDRESSES),
            "text": len(" ".join("".join(self._text).split())),
            "media": 1,
        }

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        namespace, _, element = name.rpartition(" ")
        is_root = not self._open
        within_style = "style" in self._open
        if namespace != _SVG or element not in _ELEMENTS or is_root != (element == "svg") or within_style:
            raise _Unknown
        self._open.append(element)
        if len(self._open) > _MOST_DEPTH:
            raise _Unknown
        for attribute, value in attributes.items():
            self._attribute(element, attribute, value)

    def _attribute(self, element: str, attribute: str, value: str) -> None:
        namespace, _, name = attribute.rpartition(" ")
        if name == "href":
            known = element in _GRADIENTS and _PLACE.fullmatch(value) and namespace in ("", _XLINK)
        elif namespace:
            known = attribute in _NAMESPACED
        else:
            # A clip path must not be clipped itself: a few nested ones keep a browser busy for ever.
            known = is_harmless(name, value, refers="clipPath" not in self._open)
        if not known:
            raise _Unknown
        if name == "id" and value:
            self._places.append(value)

    def _characters(self, text: str) -> None:
        self._text.append(text)
        if self._open[-1] == "style":
            self._style.append(text)

    def _end(self, _: str) -> None:
        if self._open.pop() == "style":
            style = "".join(self._style)
            if "@" in style or not is_style(style, refers=False):
                raise _Unknown


def _declaration(version: str, encoding: str | None, _: int) -> None:
    if version != "1.0" or (encoding or "utf-8").lower() != "utf-8":
        raise _Unknown


def _refuse(*_: object) -> None:
    raise _Unknown
