"""Tells beside a site why this host does not show what it should, for the api to read through nginx."""

import logging
import secrets
from contextlib import suppress

from daemons.deployer.releasing import Failure
from daemons.deployer.site_directory import SiteDirectory
from shared.domain.host_trouble import TROUBLE_FILE, HostTrouble

_log = logging.getLogger(__name__)


def tell_trouble(directory: SiteDirectory, version: int | None, failure: Failure) -> None:
    """Say why; a new name for the attempt lets readers know that it has failed just now."""
    trouble = HostTrouble(
        version=version, reason=failure.reason[:500], hint=failure.hint[:500], attempt=secrets.token_hex(8)
    )
    try:
        directory.write_file(TROUBLE_FILE, trouble.model_dump_json().encode(), 0o644)
    except OSError as error:
        _log.error("the api can't be told of this: %s", error)


def clear_trouble(directory: SiteDirectory) -> None:
    """All is well again."""
    with suppress(OSError):
        directory.remove_file(TROUBLE_FILE)
