"""The runbooks of docs/operations.md: blocks of commands below their headings, which tests execute as they stand.

A block is fenced as `sh`, and its first line says where it runs: `# on the controller` (in the checkout's root), or
`# on an api host, as root`; `# on every web host, as root` means all of the group, any other article its first host.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_HEADING = re.compile(r"#+ (.*)")
_FENCE = re.compile(r"```(\w*)")
_PLACE = re.compile(
    r"# on (?:the (?P<controller>controller)|(?P<article>the|an?|every) (?:(?P<kind>\w+) )?host, as root)"
)


@dataclass(frozen=True)
class Step:
    """Commands, and where they run: on the controller if `group` is None, else on the group's first host, or on all."""

    commands: str
    group: str | None
    everywhere: bool = False


def read_runbooks(page: str) -> dict[str, list[Step]]:
    """The steps below each heading that has any; a block that does not say where it runs is an error."""
    books: dict[str, list[Step]] = {}
    for heading, block in _blocks(page):
        books.setdefault(heading, []).append(_step(heading, block))
    return books


def fill_in(commands: str, examples: Mapping[str, str]) -> str:
    """The commands with the page's example names replaced, as whole words."""
    names = "|".join(re.escape(name) for name in sorted(examples, key=len, reverse=True))
    return re.sub(rf"(?<![\w-])(?:{names})(?![\w-])", lambda found: examples[found.group()], commands)


def _blocks(page: str) -> Iterator[tuple[str, list[str]]]:
    """Every fenced `sh` block with the heading above it."""
    heading, lines = "", iter(page.splitlines())
    for line in lines:
        if found := _HEADING.fullmatch(line):
            heading = found.group(1)
        elif fence := _FENCE.fullmatch(line):
            block = list(iter(lambda: next(lines), "```"))
            if fence.group(1) == "sh":
                yield heading, block


def _step(heading: str, block: list[str]) -> Step:
    place = _PLACE.fullmatch(block[0]) if block else None
    assert place, f"a block below “{heading}” does not say where it runs: {block[:1]}"
    commands = "\n".join(block[1:])
    if place["controller"]:
        return Step(commands, None)
    return Step(commands, _group(place["kind"]), place["article"] == "every")


def _group(kind: str | None) -> str:
    """The inventory's group of what people call a worker host, or just a host."""
    return {None: "pagewright", "worker": "workers"}.get(kind, kind or "")
