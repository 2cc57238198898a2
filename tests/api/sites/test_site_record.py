"""A site put together of what SQL and storage know of it."""

from daemons.api.accounts.site_access import SiteRow
from daemons.api.sites.site_record import UNREADABLE, WaitingFor, site_from, waiting_for
from shared.domain.vocabulary import Deployment, SiteHead, Slot
from tests.api.small_database import ANA, NOW

ROW = SiteRow(name="bakery", title="Bakery", template=None, owner_id=ANA.id, owner=ANA.email, created_at=NOW)
URL = "https://{host}.sites.example.org"


def test_it_tells_which_version_each_slot_is_to_show() -> None:
    deployment = Deployment(number=2, site="bakery", slot=Slot.CURRENT, version=3, by="ana", at=NOW)
    site = site_from(ROW, SiteHead(site="bakery", latest=4, slots={Slot.CURRENT: deployment}), URL)
    assert (site.latest, site.slots, site.owner) == (4, {Slot.CURRENT: 3}, "ana@example.org")
    assert site.urls.current == "https://bakery.sites.example.org"
    assert site.urls.preview == "https://preview--bakery.sites.example.org"
    assert "trouble" not in site.model_dump(mode="json")


def test_a_site_that_storage_can_not_read_says_so() -> None:
    site = site_from(ROW, None, URL)
    assert (site.latest, site.slots) == (None, {})
    assert site.model_dump(mode="json")["trouble"] == UNREADABLE


def test_what_was_taken_down_waits_for_nobody_until_something_newer_was_made() -> None:
    down = Deployment(number=2, site="bakery", slot=Slot.CURRENT, version=None, by="ana", at=NOW)
    heads = [
        SiteHead(site="bakery", latest=4, stamp=int(NOW.timestamp()) + seconds, slots={Slot.CURRENT: down})
        for seconds in (-60, 60)
    ]
    assert [waiting_for(ROW, head, working=False) for head in heads] == [None, WaitingFor.UNPUBLISHED]
    assert site_from(ROW, heads[0], URL).slots == {}
