"""The forms that the model's answers to our own questions have. A client names one, and never its schema."""

from typing import Any, Literal

from shared.domain.model_questions import Done
from shared.domain.scope import Concern

FormName = Literal["pagewright_scope", "pagewright_look"]


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    """The schema of an object, as strict answers need it: each property is there, and no other."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(of: dict[str, Any], what: str) -> dict[str, Any]:
    return {"type": "array", "items": of, "description": what}


_TEXT = {"type": "string"}

SCHEMAS: dict[FormName, dict[str, Any]] = {
    "pagewright_scope": _object(
        everywhere={"type": "boolean", "description": "Whether every page of the site is meant."},
        pages=_list(_TEXT, "The paths of the pages that have to change, or have to be made."),
        parts=_list(_TEXT, "Texts that name the parts of these pages: a headline, a link's text, footer."),
        kinds=_list({"type": "string", "enum": [*Concern]}, "What has to change."),
    ),
    "pagewright_look": _object(
        done={"type": "string", "enum": [*Done], "description": "Whether what is asked for is among the changes."},
        missing=_list(_TEXT, "What is asked for and not there: at most five, a short sentence each."),
        unasked=_list({"type": "integer"}, "Numbers of changes that are neither asked for nor needed for it."),
    ),
}
