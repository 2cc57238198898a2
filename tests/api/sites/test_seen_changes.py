"""What a version changed for a person is told change by change; what nobody compared is told as not known."""

import asyncio

from daemons.api.sites.seen_changes import SeenChanges
from shared.domain.manifest import Blob, visible_changes_entry
from shared.domain.visible_changes import ChangeOf, Region, Verdict, VisibleChange, VisibleChanges
from tests.api.conftest import World, problem
from tests.support.manifests import version_of
from tests.support.round_trips import storage_requests
from tests.support.storage_process import StorageProcess

HEADLINE = VisibleChange(
    of=ChangeOf.TEXT, what="headline", before="Vier", after="Offline", pages=("index.html",), page_count=1,
    regions=(Region(page="index.html", viewport="desktop", before=(1, 2, 3, 4), after=(1, 2, 5, 6)),),
    verdict=Verdict.ASKED,
)  # fmt: skip
SEEN = VisibleChanges(changes=(HEADLINE,), total=700, unread=("a.html",), unread_count=3, unasked_files=("b.css",))


def test_each_change_has_its_sentence(world: World) -> None:
    world.worker.seen["seen"] = SEEN
    name = world.site("seen", "second")
    told = world.ana.get(f"sites/{name}/versions/2/changes").json()
    (change,) = told.pop("changes")
    assert change.pop("sentence") == "index.html: Headline: “Vier” → “Offline”"
    assert change == HEADLINE.model_dump(mode="json")
    assert told == {
        "number": 2, "against": 1, "total": 700, "unread": ["a.html"], "unread_count": 3, "scope": None,
        "unasked_files": ["b.css"],
    }  # fmt: skip
    for number, against in ((1, None), (3, 2)):
        told = world.ana.get(f"sites/{name}/versions/{number}/changes").json()
        assert (told["number"], told["against"], told["changes"], told["total"]) == (number, against, None, None)
    problem(world.ana.get(f"sites/{name}/versions/4/changes"), 404)
    problem(world.ben.get(f"sites/{name}/versions/2/changes"), 404)


def test_they_are_read_once(storage: StorageProcess) -> None:
    """They never change; and what a newer release has written otherwise is not known."""

    async def play() -> None:
        async with storage.client("worker") as worker, storage.client("api") as client:
            kept = await worker.put_blob(SEEN.model_dump_json().encode())
            newer = await worker.put_blob(b'{"changes": [], "colour": "blue"}')
            seen = SeenChanges(client)
            before = storage_requests(storage)
            for _ in range(3):
                assert await seen.of(version_of(2, screenshots=(visible_changes_entry(kept),))) == SEEN
                assert await seen.of(version_of(3, screenshots=(visible_changes_entry(newer),))) is None
                assert await seen.of(version_of(4)) is None
            assert (storage_requests(storage) - before).total() == 2
            gone = Blob(sha256="0" * 64, size=9)
            assert await seen.of(version_of(5, screenshots=(visible_changes_entry(gone),))) is None

    asyncio.run(play())
