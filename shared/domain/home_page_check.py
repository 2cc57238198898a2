"""Says what visitors will see of a version whose home page is missing, empty or unchecked; pure."""

from collections.abc import Iterable

CHECK = "home page"
_KINDS = (
    ("no home page", "Visitors will be told that there is no such page: this version has no home page."),
    ("is empty", "Visitors will see an empty page: there is nothing on this version’s home page."),
    ("Not checked", "Nobody knows what visitors will see: this version’s home page was not looked at."),
)


def visitors_see(checks: Iterable[tuple[str, str, Iterable[str]]]) -> str:
    """A sentence for the person who publishes, from each check's name, status and findings; empty if all is well.

    Older versions without this check give an empty sentence.
    """
    for name, status, findings in checks:
        if name == CHECK and status != "passed":
            told = " ".join(findings)
            return next((sentence for words, sentence in _KINDS if words in told), _other(told))
    return ""


def _other(told: str) -> str:
    return f"Visitors may not see this version’s home page as it should be: {told or 'its check did not pass'}"
