"""Writes nginx/types.conf from the table of media types: `make docs` does it, and a test compares them."""

import sys

from shared.domain.serving.media_types import DEFAULT, TYPES, takes_charset


def types_conf() -> str:
    """The file's text: the types by extension, and which of them are text and get a charset."""
    kinds: dict[str, list[str]] = {}
    for suffix, kind in TYPES.items():
        kinds.setdefault(kind, []).append(suffix)
    texts = sorted(kind for kind in kinds if takes_charset(kind) and kind != "text/html")
    return "\n".join(
        (
            "# Which file is what, made by `make docs` from shared/domain/serving. Anything else is a download.",
            f"default_type {DEFAULT};",
            "types_hash_max_size 8192;",
            "types_hash_bucket_size 128;",
            "types {",
            *(f"    {kind} {' '.join(sorted(suffixes))};" for kind, suffixes in sorted(kinds.items())),
            "}",
            "# Text, besides HTML.",
            "charset_types",
            *(f"    {kind}" for kind in texts),
            "    ;",
            "",
        )
    )


if __name__ == "__main__":
    sys.stdout.write(types_conf())
