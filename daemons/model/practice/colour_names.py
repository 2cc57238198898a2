"""Colours as people and style sheets write them; what comes out is safe to put into CSS."""

import re

_NAMES = frozenset(
    """aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown burlywood
    cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan darkgoldenrod darkgray
    darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen
    darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink deepskyblue dimgray dimgrey dodgerblue
    firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite gold goldenrod gray green greenyellow grey honeydew
    hotpink indianred indigo ivory khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan
    lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue lightslategray
    lightslategrey lightsteelblue lightyellow lime limegreen linen magenta maroon mediumaquamarine mediumblue
    mediumorchid mediumpurple mediumseagreen mediumslateblue mediumspringgreen mediumturquoise mediumvioletred
    midnightblue mintcream mistyrose moccasin navajowhite navy oldlace olive olivedrab orange orangered orchid
    palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink plum powderblue purple
    rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue
    slateblue slategray slategrey snow springgreen steelblue tan teal thistle tomato turquoise violet wheat white
    whitesmoke yellow yellowgreen""".split()
)
_NUMBER = r"\d{1,3}(?:\.\d{1,4})?%?"
_SEPARATOR = r"(?:\s*,\s*|\s*/\s*|\s+)"
_EXACT = re.compile(
    rf"#(?:[0-9a-f]{{3,4}}|[0-9a-f]{{6}}|[0-9a-f]{{8}})"
    rf"|rgba?\(\s*{_NUMBER}(?:{_SEPARATOR}{_NUMBER}){{2,3}}\s*\)"
    rf"|hsla?\(\s*{_NUMBER}(?:deg)?(?:{_SEPARATOR}{_NUMBER}){{2,3}}\s*\)"
)


def read_colour(text: str) -> str | None:
    """The colour in CSS, None if it is none that we know. "Light Blue" is lightblue."""
    plain = text.strip().lower()
    if _EXACT.fullmatch(plain):
        return plain
    name = re.sub(r"[\s-]", "", plain)
    return name if name in _NAMES else None
