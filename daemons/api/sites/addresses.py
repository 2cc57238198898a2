"""What an address names: the texts and version numbers in its path, for JSON routes and pages alike."""

from starlette.requests import Request

from shared.domain.errors import NotFound


def path_text(request: Request, name: str) -> str:
    """A path parameter; raises NotFound for one that no database could hold."""
    value = str(request.path_params[name])
    if "\0" in value:
        raise NotFound("There is nothing at this address.", "Take the NUL character out of it.")
    return value


def version_number(text: str) -> int:
    """A version's number from an address; raises NotFound if it can't be one."""
    if not (text.isascii() and text.isdecimal() and len(text) < 16 and int(text) > 0):
        raise NotFound(f"There is no version {text[:20]!r}.", "Versions are numbered 1, 2, 3, …")
    return int(text)
