"""`make run`: the local system in the foreground, with a summary for a person, until Ctrl-C."""

import os

from cli.local.first_start import DEMO_SITE, prepare, sign_in_link
from cli.local.folder import RunFolder
from cli.local.programs import Ports
from cli.local.stop_signals import Starter
from cli.local.supervisor import wait_for_end
from cli.local.system import LocalSystem, running_system
from shared.domain.errors import Unavailable


def run(folder: RunFolder, ports: Ports) -> None:
    """Start, say where everything is, and stay until interrupted."""
    starter = Starter()
    print("PageWright is starting …", flush=True)
    with running_system(folder, ports) as system:
        prepare(system)
        print(_summary(system), flush=True)
        wait_for_end(system.supervisor, starter)
        raise Unavailable("supervisord ended by itself.", f"Read {folder.logs}/supervisord.log.")


def _summary(system: LocalSystem) -> str:
    place = os.path.relpath(system.folder.root)
    return f"""
PageWright is running.

  Sign in once with this link:  {sign_in_link(system)}

  UI and API                    {system.url}
  Demo site                     {system.site_url(DEMO_SITE)}
  Its preview                   {system.site_url(DEMO_SITE, "preview--")}

  In another terminal           .venv/bin/pagewright edit {DEMO_SITE} 'Change the headline to "Hello"'
  Logs                          {place}/logs

Press Ctrl-C to stop, or run: kill {os.getpid()}"""
