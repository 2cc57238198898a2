"""Writes docs/settings.md from shared/runtime/settings.py: `make docs`. A test compares the two."""

from collections.abc import Iterator
from pathlib import Path

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from shared.runtime.settings import Settings

PAGE = Path(__file__).with_name("settings.md")
_HEAD = """# Settings

Written by `make docs` from `shared/runtime/settings.py`; don't edit it here. A setting is an environment variable.
A secret (marked 🔑) may instead be a file named like the variable in lower case in `$CREDENTIALS_DIRECTORY`, which is
where systemd's `LoadCredential=` puts it. An address is `unix:/path/to.sock` or `host:port`.
"""


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([_HEAD, *(line for group in _groups(Settings) for line in _section(group))])


def _groups(group: type[Settings]) -> Iterator[type[Settings]]:
    yield group
    for narrower in group.__subclasses__():
        yield from _groups(narrower)


def _section(group: type[Settings]) -> Iterator[str]:
    own = {name: field for name, field in group.model_fields.items() if name in group.__annotations__}
    yield f"## {(group.__doc__ or '').strip().removesuffix('.')}\n"
    yield "| setting | default | meaning |\n|---|---|---|"
    yield from (_row(name, field) for name, field in own.items())
    yield ""


def _row(name: str, field: FieldInfo) -> str:
    secret = " 🔑" if "SecretStr" in str(field.annotation) else ""
    return f"| `PAGEWRIGHT_{name.upper()}`{secret} | {_default(field.default)} | {field.description} |"


def _default(value: object) -> str:
    if value is PydanticUndefined:
        return "required"
    return "none" if value is None else f"`{value}`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
