"""What the page of a site shows: all versions that were told, by number."""

from shared.domain.manifest import Blob
from shared.domain.site_overview import SiteOverview
from shared.domain.vocabulary import SiteHead
from tests.support.manifests import signed_manifest

BLOB = Blob(sha256="0" * 64, size=1)


def test_a_version_is_known_once_wherever_it_was_told() -> None:
    five, four, one = (signed_manifest(number, artifact=BLOB, public=BLOB) for number in (5, 4, 1))
    overview = SiteOverview(head=SiteHead(site="bakery", latest=5), versions=(five, four), next=4, others=(one, four))
    assert overview.known == {5: five, 4: four, 1: one}
    assert SiteOverview(head=SiteHead(site="bakery")).known == {}
