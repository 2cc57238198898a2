"""Cleans an SVG drawing: shapes, text and its own styles stay; nothing runs, loads or leads out of it unseen."""

import re
from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from xml.etree import ElementTree as ET

from daemons.worker.attachments.pictures import prepare_picture
from daemons.worker.attachments.prepared import Prepared, Unusable
from shared.domain.attachment_kinds import AttachmentKind, kind_of

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_XML_NAMES = frozenset(f"{{http://www.w3.org/XML/1998/namespace}}{name}" for name in ("space", "lang"))
_ELEMENTS = frozenset(
    """svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan textPath switch style
    linearGradient radialGradient stop pattern clipPath mask marker image view a filter animate animateTransform
    animateMotion mpath feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting
    feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge
    feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence""".split()
)
_STYLED = re.compile(r"url\(\s*(['\"]?)#[\w.:-]+\1\s*\)", re.ASCII | re.IGNORECASE)
# What can load something in a style sheet, also in writings that only browsers read as that.
_LOADING = re.compile(
    r"\\|@import|@font-face|@namespace|url\(|src\(|image\(|image-set\(|expression|behavior|binding|</", re.IGNORECASE
)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_RULE_PART = re.compile(r"[^;{}]*[;{}]?")
_LINK = re.compile(r"(?:https?://|mailto:|tel:|#)[^\s\x00-\x1f]+", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/[\w.+-]+;base64,\s*([A-Za-z0-9+/=\s]+)", re.IGNORECASE)
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*")
_MOST_BYTES, _MOST_ELEMENTS, _MOST_DEPTH = 8 << 20, 50_000, 200

ET.register_namespace("", _SVG)
ET.register_namespace("xlink", _XLINK)


def prepare_drawing(data: bytes) -> Prepared:
    """The drawing without all that it does not need to be seen. Raises Unusable if it is no drawing."""
    if len(data) > _MOST_BYTES:
        raise Unusable(f"is a drawing of more than {_MOST_BYTES >> 20} MiB", "Save it as PNG and attach that.")
    try:
        root = ET.fromstring(data)  # noqa: S314 (expat bounds entities, and the sandbox everything else)
    except (ET.ParseError, ValueError, LookupError):
        raise Unusable("is damaged: it is no complete drawing") from None
    if root.tag != f"{{{_SVG}}}svg":
        raise Unusable("is no SVG drawing")
    cleaner = _Cleaner()
    cleaner.clean(root, 1)
    note = ("lost what could run in it or load from elsewhere",) if cleaner.removed else ()
    return Prepared(ET.tostring(root, encoding="utf-8"), AttachmentKind.SVG, _size(root), note)


class _Cleaner:
    """Cleans element by element; `removed` says whether something went that was more than a remark."""

    def __init__(self) -> None:
        self.removed = False
        self._count = 0

    def clean(self, element: ET.Element, depth: int) -> None:
        """Clean an element and all in it."""
        self._count += 1
        if depth > _MOST_DEPTH or self._count > _MOST_ELEMENTS:
            raise Unusable("is too complicated a drawing", "Save it as PNG and attach that.")
        for child in list(element):
            if self._stays(child):
                self.clean(child, depth + 1)
            else:
                _drop(element, child)
        for name, value in list(element.items()):
            kept = self._attribute(_local(element), name, value)
            if kept is None:
                del element.attrib[name]
            else:
                element.set(name, kept)
        if _local(element) == "style":
            element.text = self._style("".join(element.itertext()))

    def _stays(self, child: ET.Element) -> bool:
        if _local(child) in _ELEMENTS and not _animates_more(child):
            return True
        # What drawing programs keep for themselves has a namespace of its own, and was never seen.
        self.removed |= str(child.tag).startswith(f"{{{_SVG}}}") and _local(child) != "metadata"
        return False

    def _attribute(self, element: str, name: str, value: str) -> str | None:
        """The value that may stay; None if the attribute goes."""
        plain = name.removeprefix(f"{{{_XLINK}}}")
        if plain == "href":
            return self._href(element, value)
        if plain.startswith("{") or plain != name:
            return value if name in _XML_NAMES else None
        if name.lower().startswith("on") or name.lower() in ("src", "formaction", "ping", "target", "data", "base"):
            self.removed = True
            return None
        return self._style(value) if name == "style" else self._value(value)

    def _value(self, value: str) -> str | None:
        rest = _STYLED.sub("", value)
        if re.search(r"url\(|javascript:|\\", rest, re.IGNORECASE):
            self.removed = True
            return None
        return value

    def _href(self, element: str, value: str) -> str | None:
        value = value.strip()
        if value.startswith("#") or (element == "a" and _LINK.fullmatch(value)):
            return value
        picture = _PICTURE.fullmatch(value) if element == "image" else None
        if picture and (inside := _inner_picture(picture[1])):
            return inside
        self.removed = True
        return None

    def _style(self, text: str) -> str:
        """The style sheet without the parts that could load something."""
        parts = _RULE_PART.findall(_COMMENT.sub("", text))
        kept = [part if not _LOADING.search(_STYLED.sub("", part)) else _border(part) for part in parts]
        self.removed |= kept != parts
        return "".join(kept)


def _border(part: str) -> str:
    """What has to stay of a part that goes, so that the braces around it still match."""
    return part[-1:] if part[-1:] in "{};" else ""


def _animates_more(element: ET.Element) -> bool:
    """Whether an animation changes more than what a shape looks like, such as where a link leads."""
    changed = element.get("attributeName", "").lower().rpartition(":")[2]
    return changed == "href" or changed.startswith("on")


def _inner_picture(text: str) -> str | None:
    try:
        data = b64decode(text)
    except NoBase64:
        return None
    kind = kind_of(data)
    if kind in (None, AttachmentKind.SVG, AttachmentKind.PDF):
        return None
    made = prepare_picture(data, kind)
    return f"data:image/{made.kind.lower()};base64,{b64encode(made.data).decode()}"


def _local(element: ET.Element) -> str:
    """The element's name if it is one of SVG's, else nothing."""
    return str(element.tag).removeprefix(f"{{{_SVG}}}") if str(element.tag).startswith(f"{{{_SVG}}}") else ""


def _drop(parent: ET.Element, child: ET.Element) -> None:
    """Remove a child, and leave the text after it."""
    place = list(parent).index(child)
    if child.tail and place:
        parent[place - 1].tail = (parent[place - 1].tail or "") + child.tail
    elif child.tail:
        parent.text = (parent.text or "") + child.tail
    parent.remove(child)


def _size(root: ET.Element) -> tuple[int, int] | None:
    """Its width and height, as far as it says them in pixels."""
    sides = [_LENGTH.fullmatch(root.get(name, "")) for name in ("width", "height")]
    numbers = [side[1] for side in sides if side]
    if len(numbers) < 2:
        numbers = re.split(r"[\s,]+", root.get("viewBox", "").strip())[2:4]
    try:
        width, height = (round(float(number)) for number in numbers)
    except (ValueError, OverflowError):
        return None
    return (width, height) if width > 0 and height > 0 else None
