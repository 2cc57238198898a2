"""The context of a site's settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from htmx_ui.contexts import Context
from htmx_ui.parts import Notice
from htmx_ui.settings_parts import AddressView
from shared.domain.check_rules import USUAL, CheckRules


@dataclass(frozen=True, kw_only=True)
class SettingsPage(Context):
    """A site's settings, a section for each; `host` is its address without the scheme.

    `errors` says by section what is wrong there, `typed` what was typed there. `export_bytes` is about the size of its
    newest version for export, None if nobody knows.
    """

    template = "settings.html"
    usual_severities = USUAL
    name: str
    title: str
    host: str
    address: AddressView
    checks: CheckRules
    newest: int | None
    published: int | None
    export_bytes: int | None = None
    errors: Mapping[str, Notice] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
