"""What the list of sites is told besides its fields."""

from dataclasses import replace

from htmx_ui.site_list_contexts import SitesPage
from tests.htmx_ui.samples import SITES


def test_the_list_has_a_heading_for_each_group() -> None:
    page = SitesPage(sites=(SITES[0], replace(SITES[1], group="Shops")))
    assert [section.group for section in page.sections] == ["Shops", ""]
