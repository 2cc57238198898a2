"""What a version's checks are compared with, as it comes from storage."""

import asyncio
from datetime import UTC, datetime

import pytest

from daemons.worker.base import Base
from daemons.worker.checks.finding import Finding
from daemons.worker.checks.history import CheckHistory, fetch_history
from daemons.worker.checks.report import PageRecord, Report, encode_report
from daemons.worker.checks.verdict import DatedFinding, Reference
from shared.clients.storage import StorageClient
from shared.domain.manifest import Check, CheckStatus, Manifest, Screenshot, report_entry
from shared.domain.signing import sign_manifest
from shared.domain.vocabulary import JobKind, JobRequest, Slot, new_id
from tests.support.manifests import SIGNING_KEY, put_version_blobs, signed_manifest
from tests.support.observations import page
from tests.support.storage_process import StorageProcess

LINK = Finding(check="links", page="index.html", subject="/gone.html", text="the link /gone.html leads nowhere")


def _report(since: int) -> bytes:
    told = (DatedFinding(finding=LINK, since=since, failed=True),)
    pages = (PageRecord(page=page(), closure="c", looked=since, text=300),)
    return encode_report(Report(at=datetime.now(UTC), told=told, pages=pages))


async def _commit(client: StorageClient, number: int, report: bytes | None) -> Manifest:
    """A version whose record lists a sentence; without report it is one of an older release."""
    artifact, public = await put_version_blobs(client, number)
    entries = (report_entry(await client.put_blob(report)),) if report is not None else ()
    check = Check(name="links", status=CheckStatus.FAILED, findings=(f"index.html: {LINK.text}",))
    picture = Screenshot(page="index.html", viewport="phone", image=public)
    bare = signed_manifest(number, artifact=artifact, public=public)
    more = {"checks": (check,), "screenshots": (picture, *entries)}
    return await client.commit(sign_manifest(bare.model_copy(update=more), SIGNING_KEY))


def _before(
    storage: StorageProcess, reports: list[bytes | None], *, kind: JobKind, base: int | None = None
) -> CheckHistory:
    """The past of the version after these, of which the first is live."""

    async def whole() -> CheckHistory:
        async with storage.client() as client, storage.client("api") as api:
            await client.announce("bakery", 1, "test")
            manifests = [await _commit(client, number, report) for number, report in enumerate(reports, 1)]
            if manifests:
                await api.deploy("bakery", Slot.CURRENT, 1, by="ana")
            request = JobRequest(
                id=new_id(),
                site="bakery",
                kind=kind,
                message="x",
                author="ana",
                base=base,
                created_at=datetime.now(UTC),
            )
            return await fetch_history(client, request, await client.head("bakery"), Base(*manifests[-1:]))

    return asyncio.run(whole())


def test_an_import_has_no_past(storage: StorageProcess) -> None:
    assert _before(storage, [], kind=JobKind.IMPORT) == CheckHistory(1, is_base_line=True)
    assert _before(storage, [], kind=JobKind.CREATE) == CheckHistory(1)


def test_an_edit_is_compared_with_its_parent_and_what_is_live(storage: StorageProcess) -> None:
    before = _before(storage, [_report(1), _report(2)], kind=JobKind.EDIT)
    assert before.number == 3
    assert {(one.number, one.is_live, one.past(LINK)) for one in before.references} == {
        (1, True, (1, True)),
        (2, False, (2, True)),
    }
    assert before.records["index.html"].looked == 2
    assert [shot.viewport for shot in before.pictures] == ["phone"]


def test_a_restore_is_compared_with_what_it_restores(storage: StorageProcess) -> None:
    before = _before(storage, [_report(1), _report(2), _report(3)], kind=JobKind.RESTORE, base=2)
    assert sorted(one.number for one in before.references) == [1, 2, 3]


@pytest.mark.parametrize("report", [None, b"not a report"])
def test_a_version_without_report_is_known_by_its_sentences(storage: StorageProcess, report: bytes | None) -> None:
    before = _before(storage, [report], kind=JobKind.EDIT)
    assert (before.references[0].past(LINK), dict(before.records)) == ((1, True), {})
    assert (before.has_report, before.parent) == (False, {}), "what the parent serves is looked at first"


def test_what_is_found_in_an_unknown_parent_is_old() -> None:
    """Its record lists twenty faults of a kind; the others were there as well."""
    other = LINK.model_copy(update={"subject": "/lost.html", "text": "the link /lost.html leads nowhere"})
    listed = {("links", f"index.html: {LINK.text}"): True}
    before = CheckHistory(2, (Reference(1, {}, listed),), has_report=False).with_parent_seen([LINK, other], {})
    assert [before.references[0].past(one) for one in (LINK, other)] == [(1, True), (1, False)]
    assert before.has_report


def test_what_a_version_changed_of_its_parent_is_told_if_it_is_not_too_much() -> None:
    before = CheckHistory(2, parent={"a.html": b"a", "b.html": b"b", "c.html": b"c"})
    assert before.changed_files({"a.html": b"a", "b.html": b"new", "d.html": b"d"}) == (
        {"b.html": b"b", "c.html": b"c"},
        ("d.html",),
    )
    huge = CheckHistory(2, parent={f"{n}.bin": bytes(16 << 20) for n in range(5)})
    assert huge.changed_files({"a.html": b"a"}) == ({}, ("a.html",))
