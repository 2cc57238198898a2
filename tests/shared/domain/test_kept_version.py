"""All of a version is kept by the person who put it into preview, as long as preview shows it."""

from datetime import UTC, datetime

from shared.domain.kept_version import BY_WORKER, kept_by
from shared.domain.vocabulary import Deployment, SiteHead, Slot


def _head(by: str, version: int, slot: Slot = Slot.PREVIEW) -> SiteHead:
    shown = Deployment(number=1, site="bakery", slot=slot, version=version, by=by, at=datetime.now(UTC))
    return SiteHead(site="bakery", latest=3, slots={slot: shown})


def test_only_a_person_keeps_a_version() -> None:
    assert kept_by(_head("ana@example.org", 3), 3) == "ana@example.org"
    assert kept_by(_head(BY_WORKER, 3), 3) == ""
    assert kept_by(_head("ana@example.org", 2), 3) == ""
    assert kept_by(_head("ana@example.org", 3, Slot.CURRENT), 3) == ""
    assert kept_by(SiteHead(site="bakery"), 3) == ""
