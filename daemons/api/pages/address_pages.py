"""A site's address in its settings: another one, to which the old one leads for a time; what is wrong is said there."""

from starlette.datastructures import FormData
from starlette.responses import Response

from daemons.api.accounts.site_access import OwnedSite
from daemons.api.json_routes.endpoint import checked
from daemons.api.json_routes.site_settings_routes import AddressInput
from daemons.api.pages.page_request import PageRequest, PageRoute
from daemons.api.pages.settings_pages import with_error
from daemons.api.sites.site_names import NameTaken
from htmx_ui import links
from shared.domain.errors import Conflict, InvalidInput, PageWrightError
from shared.domain.forwarding import Forward


async def set_address(request: PageRequest) -> Response:
    """Another address; told once the web hosts were seen to show it."""
    form, site = await request.form(), await request.owned_site()
    typed = {name: str(form.get(name, ""))[:200] for name in ("address", "forward")}
    typed["address"] = str(form.get("other") or typed["address"]).strip()
    try:
        asked = _asked(request, site, typed, form)
        await request.services.moving.move(site, asked.address, asked.forward, asked.expected)
    except NameTaken as error:
        return await with_error(request, site, "address", error, typed, free=error.free)
    except (InvalidInput, Conflict) as error:
        return await with_error(request, site, "address", error, typed)
    except PageWrightError as error:  # it may be recorded: the page tells the address as it is now
        return await with_error(request, await request.owned_site(), "address-late", error)
    is_left = asked.forward is Forward.NONE
    return request.go(links.settings(site.name, notice="address-left" if is_left else "address-set"))


def _asked(request: PageRequest, site: OwnedSite, typed: dict[str, str], form: FormData) -> AddressInput:
    """What the form asks for; the whole address may be typed, too. Raises InvalidInput, or Conflict for no change."""
    before, after = request.services.settings.api_sites_url.partition("://")[2].split("{host}")
    label = typed["address"].lower().rpartition("://")[2].rstrip("/").removeprefix(before).removesuffix(after)
    expected = str(form.get("expected", "")) or site.row.label
    if label == expected:
        raise Conflict(f"The site {site.name} has this address.", "Nothing was changed. Choose another one.")
    try:
        return checked(AddressInput, {"address": label, "forward": typed["forward"], "expected": expected})
    except InvalidInput:
        hint = "Use small letters, digits and single hyphens between them, at most 40."
        raise InvalidInput("This address can’t be used.", hint) from None


ADDRESS_ROUTES = (PageRoute("POST", links.set_address("{site}"), set_address),)
