"""The instruction about colours: sets the variable that a style sheet has for one, else adds a marked rule."""

import re

from daemons.model.practice.editor.markup import splice
from daemons.model.practice.editor.website import CannotDo, Website, is_page

_VARIABLES = {
    "background": "background background-color background-colour bg bg-color color-background color-bg page paper",
    "text": "text text-color text-colour color-text foreground fg color-foreground ink",
    "accent": "accent accent-color accent-colour color-accent primary primary-color color-primary brand brand-color",
}
_RULES = {
    "background": "html, body {{ background-color: {colour}; }}",
    "text": "body, h1, h2, h3, h4, h5, h6 {{ color: {colour}; }}",
    "accent": (
        "a {{ color: {colour}; }}\n"
        "button, .button, .btn-primary {{ background-color: {colour}; border-color: {colour}; }}"
    ),
}


def change_colour(site: Website, part: str, colour: str) -> str:
    """Give the background, the text or the accent another colour, on every page."""
    changed = _set_variables(site, part, colour) or [_add_rule(site, sheet, part, colour) for sheet in _sheets(site)]
    if not changed:
        raise CannotDo("I could not find a place for a style rule: no page has a head.")
    return f"Set the {part} colour to {colour} in {', '.join(changed[:8])}."


def _set_variables(site: Website, part: str, colour: str) -> list[str]:
    """Set the variables where they are declared; a dark variant of the page gets the same colour."""
    names = "|".join(_VARIABLES[part].split())
    declared = re.compile(rf"(?<![\w-])(--(?:{names})\s*:\s*)[^;}}]*", re.IGNORECASE)
    changed = []
    for path, text in sorted(site.files.items()):
        site.files[path] = declared.sub(lambda match: match[1] + colour, text)
        changed += [path] * bool(declared.search(text))
    return changed


def _sheets(site: Website) -> list[str]:
    """Where a rule must stand to win: each page's last style sheet of its own, else the page itself."""
    sheets = {}
    for page in site.pages:
        links = site.document(page).find("link")
        files = [
            site.leads_to(page, link.attributes.get("href", ""))
            for link in links
            if "stylesheet" in link.attributes.get("rel", "")
        ]
        own = [file for file in files if file in site.files]
        sheets[own[-1] if own else page] = True
    return [str(sheet) for sheet in sheets]


def _add_rule(site: Website, sheet: str, part: str, colour: str) -> str:
    rule = f"/* practice model: {part} colour */\n{_RULES[part].format(colour=colour)}\n/* end of {part} colour */"
    text = site.files[sheet]
    earlier = re.compile(rf"/\* practice model: {part} colour \*/.*?/\* end of {part} colour \*/", re.DOTALL)
    if match := earlier.search(text):
        site.files[sheet] = splice(text, [(*match.span(), rule)])
    elif is_page(sheet):
        heads = site.document(sheet).find("head")
        place = heads[0].inner_end if heads else 0
        site.files[sheet] = splice(text, [(place, place, f"<style>\n{rule}\n</style>\n")])
    else:
        site.files[sheet] = splice(text, [(len(text.rstrip("\r\n")), len(text), f"\n\n{rule}\n")])
    return sheet
