"""Takes what nobody asked for out of a version's change, and says in words what was taken back and what was not."""

import asyncio
from collections.abc import Awaitable, Callable

from daemons.worker.base import Base
from daemons.worker.changes.asked_part import AskedPart, asked_part
from daemons.worker.job.editing import Edited
from daemons.worker.job.undoing import changed_since, named, with_files_of
from shared.clients.retry import retry
from shared.clients.storage import StorageClient
from shared.domain.change_sentences import sentence
from shared.domain.errors import Conflict, InvalidInput
from shared.domain.manifest import Manifest
from shared.domain.tree import Tree, compare
from shared.domain.visible_changes import VisibleChanges

_MOST_NAMED = 5
_IN_WORDS = "Say in words what should be as before."


async def keep_asked(
    storage: StorageClient, newest: Base, number: int, fetch: Callable[[int], Awaitable[Base]]
) -> Edited:
    """The newest source without what version `number` changed and nobody asked for.

    Raises InvalidInput if nobody judged its changes, Conflict if later versions changed the files that it concerns.
    """
    made = newest if newest.number == number else await fetch(number)
    if made.manifest is None or made.manifest.parent is None or made.manifest.visible_changes is None:
        raise InvalidInput(f"What version {number} changed was not compared with what was asked for.", _IN_WORDS)
    entry = made.manifest.visible_changes
    told = VisibleChanges.model_validate_json(await retry(lambda: storage.get_blob(entry.sha256, entry.size)))
    before = await fetch(made.manifest.parent)
    part = await asyncio.to_thread(asked_part, before.source, made.source, told)
    source = await asyncio.to_thread(_in_newest, made.manifest, made.source, part, newest.source)
    return Edited(source, asked_answer(number, part))


def _in_newest(made: Manifest, whole: Tree, part: AskedPart, newest: Tree) -> Tree:
    """The newest tree with the files that were taken back from the version."""
    changes = compare(part.source, whole)
    touched = changed_since(changes, newest)
    if touched:
        raise Conflict(
            f"What nobody asked for in version {made.number} can’t be taken back by itself: later versions changed the "
            f"same files ({named(touched)}).",
            _IN_WORDS,
        )
    return with_files_of(part.source, changes, newest)


def asked_answer(number: int, part: AskedPart) -> str:
    """What was taken back and what was not, a line each."""
    lines = [f"Of the change of version {number}, what nobody asked for is taken back."]
    if not part.whole and not part.partly:
        is_known = part.mixed or part.left
        lines = [
            f"What nobody asked for in version {number} could not be told apart from the rest."
            if is_known
            else f"In version {number} nothing is known that nobody asked for."
        ]
    lines += [f"As before: {named(part.whole)}"] if part.whole else []
    lines += [f"In part as before: {named(part.partly)}"] if part.partly else []
    lines += [f"Not taken back: {sentence(change)}" for change in part.left[:_MOST_NAMED]]
    more = len(part.left) - _MOST_NAMED
    lines += [f"Not taken back: {more} more changes"] if more > 0 else []
    lines += [f"Something nobody asked for may be left in: {named(part.mixed)}"] if part.mixed else []
    return "\n".join(lines)
