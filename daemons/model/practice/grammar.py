"""The practice model's grammar: a person's message → what to do. Pure; `docs/practice-model.md` documents it."""

import re
from collections.abc import Callable

from daemons.model.practice.colour_names import read_colour
from daemons.model.practice.instructions import (
    AddPage,
    AddSection,
    ChangeColour,
    ChangeLink,
    ColouredPart,
    Instruction,
    PutAttached,
    RemovePage,
    ReplaceFile,
    ReplaceText,
    SetHeadline,
    SetTitle,
    Understood,
)
from daemons.model.practice.sentences import LONGEST_SENTENCE, QUOTED, Sentence, read_sentences
from shared.domain.vocabulary import MESSAGE_LIMIT

Fields = Callable[[str], str | None]

_PARTS: dict[str, ColouredPart] = {
    "background": "background", "text": "text", "font": "text", "writing": "text", "accent": "accent",
    "link": "accent", "links": "accent", "button": "accent", "buttons": "accent", "main": "accent",
    "primary": "accent", "brand": "accent", "theme": "accent",
}  # fmt: skip
_WORDS = {
    "Q": rf"(?:{QUOTED})",
    "NAME": rf"(?:{QUOTED}|[^\ue000\ue001\"]{{1,80}}?)",
    "PAGE": rf"(?:(?:the )?(?:page )?(?:{QUOTED}|[\w./-]+\.html?|(?:the )?[\w -]{{1,60}}? ?page)(?: page)?)",
    "SET": "(?:change|set|make|update|turn|edit|rename)",
    "ADD": "(?:add|create|make|insert)",
    "REMOVE": "(?:remove|delete|drop|take away)",
    "AS": "(?: (?:called|named|titled|with the (?:title|name|heading)))?",
    "SAYING": "(?:,? ?(?:(?:with|saying|that says|which says|containing)(?: the)?(?: (?:text|content|words))?:?|:))",
    "PART": "(?:" + "|".join(_PARTS) + ")",
    "TO": "(?: (?:to be|to|into|with|as))",
}
_ON = "(?: (?:on|in|of|for|to) {PAGE:page})"
_EVERYWHERE = "(?: (?:everywhere|(?:on|in) (?:all|every) pages?|(?:on|in) the (?:whole )?(?:web)?site))?"


def _pattern(text: str) -> re.Pattern[str]:
    """`{Q:old}` is a named group of that word, `{SET}` a plain one."""

    def word(match: re.Match[str]) -> str:
        return f"(?P<{match[2]}>{_WORDS[match[1]]})" if match[2] else _WORDS[match[1]]

    return re.compile(re.sub(r"\{([A-Z]+)(?::(\w+))?\}", word, text), re.IGNORECASE)


def _replace(get: Fields) -> Instruction | None:
    return ReplaceText(old=get("old") or "", new=get("new") or "", page=get("page")) if get("old") else None


def _title(get: Fields) -> Instruction | None:
    return SetTitle(text=get("text") or "", page=get("page"))


def _headline(get: Fields) -> Instruction | None:
    return SetHeadline(text=get("text") or "", page=get("page"))


def _colour(get: Fields) -> Instruction | None:
    colour = read_colour(get("colour") or "")
    return ChangeColour(part=_PARTS[(get("part") or "").lower()], colour=colour) if colour else None


def _new_page(get: Fields) -> Instruction | None:
    return AddPage(title=get("title") or "", text=get("text") or "") if get("title") else None


def _no_page(get: Fields) -> Instruction | None:
    return RemovePage(page=get("page") or "")


def _section(get: Fields) -> Instruction | None:
    return AddSection(heading=get("heading") or "", text=get("text") or "", page=get("page"))


def _link(get: Fields) -> Instruction | None:
    return ChangeLink(label=get("label") or "", address=get("address") or "", page=get("page"))


def _put(get: Fields) -> Instruction | None:
    return PutAttached(page=get("page"))


def _other_file(get: Fields) -> Instruction | None:
    return ReplaceFile(old=get("old") or "")


_ATTACHED = (
    "(?:(?:the|this|these|my|an?) )?(?:new |attached )*(?:pictures?|photos?|images?|files?|documents?|pdf|attachments?)"
)
_FILE = r"(?:the )?(?:file |picture |document )?(?P<old>{Q}|[\w./-]+\.[a-zA-Z]{2,5})"
_TITLE = f"{{SET}} (?:the )?(?:page )?title{_ON}?{{TO}} {{Q:text}}"
_HEADLINE = "{SET} (?:the )?(?:main )?(?:headline|heading|h1)"
_OF_SITE = "(?: of (?:the|my|our|this) (?:page|site|website|home ?page))?"
_COLOUR = f"{{SET}} (?:the )?{{PART:part}}(?:'s)?(?: colou?r)?{_OF_SITE}{{TO}}? (?P<colour>.{{1,60}})"
_SECTION = "{ADD} (?:an? )?(?:new )?section{AS} {NAME:heading}"
_LINK_TO = "(?: to)?(?: (?:point|lead|go|link))?(?: to)? (?P<address>{Q}|[^\\s\ue000]+)"
_RULES: list[tuple[re.Pattern[str], Callable[[Fields], Instruction | None]]] = [
    (_pattern(f"(?:{{SET}}|point|let) (?:the )?link {{Q:label}}{_ON}?{_LINK_TO}"), _link),
    (_pattern(f"(?:{{SET}}|point|let) (?:the )?link {{Q:label}}{_LINK_TO}{_ON}?"), _link),
    (_pattern(f"{_TITLE}"), _title),
    (_pattern(f"{{SET}} (?:the )?(?:page )?title{{TO}} {{Q:text}}{_ON}?"), _title),
    (_pattern(f"{_HEADLINE}{_ON}?{{TO}} {{Q:text}}"), _headline),
    (_pattern(f"{_HEADLINE}{{TO}} {{Q:text}}{_ON}?"), _headline),
    (_pattern(_COLOUR), _colour),
    (_pattern("{ADD} (?:an? )?(?:new )?page{AS} {NAME:title}(?:{SAYING} {Q:text})?"), _new_page),
    (_pattern(f"{_SECTION}{_ON}?{{SAYING}} {{Q:text}}"), _section),
    (_pattern(f"{_SECTION}{{SAYING}} {{Q:text}}{_ON}?"), _section),
    (_pattern("{REMOVE} {PAGE:page}"), _no_page),
    (
        _pattern(
            f"(?:replace|swap|exchange|change|update) {_FILE} (?:with|by|for|to) (?:{_ATTACHED}|(?:the )?new one)"
        ),
        _other_file,
    ),
    (_pattern(f"(?:put|use|take) (?:the )?new {_FILE}(?: (?:on|in) (?:the|my|our) (?:web)?site)?"), _other_file),
    (_pattern(f"(?:put|add|insert|show|place|use) {_ATTACHED} (?:on|onto|in|into|to) {{PAGE:page}}"), _put),
    (_pattern(f"(?:put|add|insert|show|place|use) {_ATTACHED}"), _put),
    (
        _pattern(
            "(?:replace|substitute|swap|change|turn) (?:the )?(?:text|words?|phrase|sentence|name)? ?{Q:old}"
            f"{_ON}? (?:with|by|to|for|into) {{Q:new}}{_EVERYWHERE}"
        ),
        _replace,
    ),
    (
        _pattern(
            "(?:replace|substitute|swap|change|turn) (?:the )?(?:text|words?|phrase|sentence|name)? ?{Q:old}"
            f" (?:with|by|to|for|into) {{Q:new}}{_ON}"
        ),
        _replace,
    ),
]


# The last line of a request that came with files names them.
_ATTACHED_NAMES = re.compile(r"\n\n\U0001F4CE [^\n]*\Z")


def read_message(message: str) -> Understood:
    """What the message asks for, sentence by sentence."""
    instructions: list[Instruction] = []
    unknown: list[str] = []
    for sentence in read_sentences(_ATTACHED_NAMES.sub("", message[:MESSAGE_LIMIT])):
        instruction = _read(sentence)
        if instruction:
            instructions.append(instruction)
        else:
            unknown.append(sentence.text(sentence.pattern))
    return Understood(instructions=tuple(instructions), unknown=tuple(unknown))


def _read(sentence: Sentence) -> Instruction | None:
    if len(sentence.pattern) > LONGEST_SENTENCE:
        return None
    for pattern, build in _RULES:
        match = pattern.fullmatch(sentence.pattern)
        if match:
            found = match.groupdict()
            instruction = build(lambda name, found=found: _field(sentence, found.get(name)))  # type: ignore[misc]
            if instruction:
                return instruction
    return None


def _field(sentence: Sentence, part: str | None) -> str | None:
    if part is None:
        return None
    quoted = re.fullmatch(rf"(?:the )?(?:page )?({QUOTED})(?: page)?", part, re.IGNORECASE)
    return sentence.text(quoted[1] if quoted else part)
