"""Says what a version lacks that starts from an older one, before it is made and on its record."""

from shared.domain.manifest import Check, CheckStatus


def missing_changes(base: int, newest: int) -> str:
    """`the changes of version 4`, `the changes of versions 4 and 5`, `the changes of versions 4 to 9`."""
    first = base + 1
    if newest <= first:
        return f"the changes of version {first}"
    return f"the changes of versions {first} {'and' if newest == first + 1 else 'to'} {newest}"


def base_checks(base: int | None, newest: int | None) -> tuple[Check, ...]:
    """For the record of a version made from `base`, when `newest` was the newest: nothing if that is the same."""
    if base is None or newest is None or base >= newest:
        return ()
    finding = f"Made from version {base}. It does not have {missing_changes(base, newest)}."
    return (Check(name="base", status=CheckStatus.WARNING, findings=(finding,)),)
