"""A site's address in its settings: what is wrong is said at the field, and what was typed stays."""

import html
import re
from itertools import count

import httpx
import pytest

from tests.api.conftest import World
from tests.api.pages.test_settings_pages import field

_LABELS = (f"moved-{number}" for number in count())


@pytest.fixture(scope="module")
def site(world: World) -> str:
    return world.site()


def post(ana: httpx.Client, site: str, address: str, forward: str = "90d", **more: str) -> httpx.Response:
    return ana.post(f"/sites/{site}/settings/address", data={"address": address, "forward": forward, **more})


def told(page: httpx.Response) -> str:
    """What is said at the field."""
    found = re.search(r'id="new-address-error"[^>]*>([^<]*)<', page.text)
    assert found and 'aria-invalid="true"' in field(page.text, "address")
    return html.unescape(found[1])


def test_what_can_be_no_address_is_told_and_stays(ana: httpx.Client, world: World, site: str) -> None:
    for wrong in ("Not One", "a--b", "x" * 41, "-"):
        refused = post(ana, site, wrong)
        assert (refused.status_code, told(refused)[:28]) == (422, "This address can’t be used. ")
        assert f'value="{wrong}"' in field(refused.text, "address")
        assert '<option value="90d" selected>' in refused.text
    for same in (site, f" HTTP://{site}.sites.test/ "):
        assert "This address can’t be used" not in (said := told(post(ana, site, same))) and "address" in said
    assert world.ana.get(f"sites/{site}/address").json()["former"] == []


def test_a_taken_one_comes_with_others(ana: httpx.Client, world: World, site: str) -> None:
    other = world.queued_site()
    refused = post(ana, site, other)
    assert (refused.status_code, f"The address {other} is taken." in told(refused)) == (409, True)
    free = re.findall(r'name="other" value="([^"]+)"', refused.text)
    assert free and all(name.startswith(other[:8]) for name in free)


def test_who_saw_another_address_is_told_who_moved_it(ana: httpx.Client, world: World, site: str) -> None:
    label = next(_LABELS)
    world.ana.put(f"sites/{site}/address", json={"address": label})
    late = post(ana, site, next(_LABELS), expected=site)
    assert (late.status_code, "ana@example.org gave the site the address" in told(late)) == (409, True)
    assert f'name="expected" value="{label}"' in late.text, "whoever asks again has seen it"


def test_what_no_web_host_showed_is_told_with_the_address_as_it_is_now(
    ana: httpx.Client, world: World, site: str
) -> None:
    """This world has no web host that answers."""
    label = next(_LABELS)
    late = post(ana, site, f"{label}.sites.test", forward="ever")
    assert (late.status_code, f"on its way to {label}, but no web server answers" in late.text) == (503, True)
    assert f">{label}.sites.test</strong>" in late.text and "leads there for ever." in late.text
    assert f'type its address: <strong class="breakable">{label}</strong>' in late.text
    assert world.ana.get(f"sites/{site}").json()["address"] == label


def test_a_site_without_a_version_has_no_form(ana: httpx.Client, world: World) -> None:
    page = ana.get(f"/sites/{world.queued_site()}/settings").text
    assert 'name="forward"' not in page and "once it has a version" in page
