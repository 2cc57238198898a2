"""Says a visible change in one sentence, as records, the API and people have it."""

from shared.domain.colour_names import colour_name
from shared.domain.visible_changes import ChangeOf, VisibleChange

_PARTS = {
    "headline": "Headline", "heading": "Heading", "text": "Text", "item": "List entry", "cell": "Table cell",
    "caption": "Caption", "label": "Label", "button": "Button", "link": "Link", "picture": "Picture",
    "embed": "Embedded part", "field": "Form field", "area": "Background",
}  # fmt: skip
_PLACES = {
    "header": "in the header", "navigation": "in the navigation", "aside": "beside the text", "footer": "in the footer",
}  # fmt: skip
_WEIGHTS = {"400": "normal", "700": "bold"}
_SENTENCES = {
    ChangeOf.TEXT: "{part}: “{before}” → “{after}”",
    ChangeOf.ALTERNATIVE: "{part}: description “{before}” → “{after}”",
    ChangeOf.PICTURE: "{part}: {old} → {new}",
    ChangeOf.TARGET: "Link “{named}” leads to {after} instead of {before}",
    ChangeOf.BACKGROUND: "{part}: {old_colour} → {new_colour}",
    ChangeOf.COLOUR: "Text colour: {old_colour} → {new_colour}",
    ChangeOf.FONT: "Font: {before} → {after}",
    ChangeOf.SIZE: "Text size: {before} → {after}",
    ChangeOf.WEIGHT: "Boldness: {old_weight} → {new_weight}",
    ChangeOf.LOOK: "{part} looks otherwise{quoted}",
    ChangeOf.ADDED: "New: {part}: “{after}”{more}",
    ChangeOf.REMOVED: "Gone: {part}: “{before}”{more}",
    ChangeOf.MOVED: "Moved: “{named}”, from {from_place} to {to_place}",
    ChangeOf.TITLE: "Title of the page: “{before}” → “{after}”",
    ChangeOf.DESCRIPTION: "Description for search engines: “{before}” → “{after}”",
    ChangeOf.LANGUAGE: "Language of the page: “{before}” → “{after}”",
    ChangeOf.PAGE_ADDED: "New page: {page}",
    ChangeOf.PAGE_REMOVED: "Page removed: {page}",
    ChangeOf.FILE_ADDED: "New file: {named}",
    ChangeOf.FILE_CHANGED: "File replaced: {named}",
    ChangeOf.FILE_REMOVED: "File removed: {named}",
}
_REPLACED = "{part} replaced: {new}"  # a picture under the same address


def sentence(change: VisibleChange) -> str:
    """One change as a person would say it, with the page or the number of pages that have it."""
    is_replaced = change.of is ChangeOf.PICTURE and change.before == change.after
    text = (_REPLACED if is_replaced else _SENTENCES[change.of]).format_map(_values(change))
    if "{page}" in _SENTENCES[change.of] or not change.page_count:
        return text
    return f"{change.pages[0] if change.page_count == 1 else f'{change.page_count} pages'}: {text}"


def _values(change: VisibleChange) -> dict[str, str]:
    name, where = _PARTS.get(change.what, ""), _PLACES.get(change.where, f"under “{change.where}”")
    return {
        "part": f"{name} {where}" if change.where else name or "The page",
        "quoted": f": “{change.named}”" if change.named else "",
        "before": change.before,
        "after": change.after,
        "named": change.named,
        "page": change.named or next(iter(change.pages), ""),
        "old": _file(change.before),
        "new": _file(change.after),
        "old_colour": colour_name(change.before) or "none",
        "new_colour": colour_name(change.after) or "none",
        "old_weight": _WEIGHTS.get(change.before, change.before),
        "new_weight": _WEIGHTS.get(change.after, change.after),
        "from_place": _place(change.before),
        "to_place": _place(change.after),
        "more": f" and {change.parts - 1} more" if change.parts > 1 else "",
    }


def _place(where: str) -> str:
    """A place that something moved from or to."""
    return _PLACES.get(where, f"below “{where}”").removeprefix("in ") if where else "the page itself"


def _file(address: str) -> str:
    return address.rpartition("/")[2] or "none"
