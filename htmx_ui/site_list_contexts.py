"""The contexts of the list of sites and of making a new one."""

from dataclasses import dataclass

from htmx_ui.contexts import Context
from htmx_ui.settings_parts import DeletedSite
from htmx_ui.site_list_parts import EVERY_SITE, FieldFault, SiteCard, SiteFilter, SiteSection, TemplateChoice, sections


@dataclass(frozen=True, kw_only=True)
class SitesPage(Context):
    """The sites of whoever is signed in, what changed last first; with `arranging` they can be put into `groups`.

    On the first page are also those that can be brought back. `fault` is what is wrong with the form for groups, in
    which `typed` was written and `picked` were ticked.
    """

    template = "sites.html"
    sites: tuple[SiteCard, ...]
    more_after: str | None = None
    groups: tuple[str, ...] = ()
    filter: SiteFilter = EVERY_SITE
    deleted: tuple[DeletedSite, ...] = ()
    arranging: bool = False
    after: str | None = None
    typed: str = ""
    picked: frozenset[str] = frozenset()
    fault: FieldFault | None = None

    @property
    def sections(self) -> tuple[SiteSection, ...]:
        """The sites by group."""
        return sections(self.sites)


@dataclass(frozen=True, kw_only=True)
class NewSitePage(Context):
    """The form for a new site; `address_pattern` has `{name}` where the site's name goes."""

    template = "new_site.html"
    templates: tuple[TemplateChoice, ...]
    address_pattern: str
    upload_limit: int
    title: str = ""
    name: str = ""
    choice: str = ""
    group: str = ""
    groups: tuple[str, ...] = ()
    fault: FieldFault | None = None

    def at(self, field: str) -> FieldFault | None:
        """What is wrong with this field; with the empty one, what is wrong with none of them."""
        return self.fault if self.fault and self.fault.field == field else None

    @property
    def is_none_chosen(self) -> bool:
        """Whether no template that there is was chosen."""
        return self.choice not in {template.name for template in self.templates}


@dataclass(frozen=True, kw_only=True)
class AddressFragment(Context):
    """The field of the address alone, while a title is typed."""

    template = "address.html"
    address_pattern: str
    name: str
