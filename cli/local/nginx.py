"""nginx of the local run: the templates of nginx/ filled in for this machine."""

import os
from string import Template

from cli.local.credentials import write_private
from cli.local.folder import CHECKOUT, RunFolder
from cli.local.programs import Ports, Program


def nginx_program(folder: RunFolder, ports: Ports) -> Program:
    """Write the configuration, and return the program that starts nginx with it. It is never reloaded."""
    directory = folder.data("nginx")
    for template in sorted((CHECKOUT / "nginx").iterdir()):
        text = Template(template.read_text(encoding="utf-8")).safe_substitute(_values(folder, ports))
        write_private(directory / template.name, text)
    arguments = ("-e", "stderr", "-p", os.fspath(directory), "-c", os.fspath(directory / "nginx.conf"))
    return Program("nginx", ("/usr/sbin/nginx", *arguments))


def _values(folder: RunFolder, ports: Ports) -> dict[str, str]:
    app, sites = f"127.0.0.1:{ports.ui}", f"127.0.0.1:{ports.sites}"
    return {
        "USER": "user root;" if os.geteuid() == 0 else "",
        "RUN_DIRECTORY": os.fspath(folder.root / "nginx"),
        "LISTEN_APP": f"listen {app};",
        "LISTEN_SITES": f"listen {sites};",
        "LISTEN_DEFAULT": f"listen {app} default_server;\n    listen {sites} default_server;",
        "APP_HOSTS": "localhost 127.0.0.1",
        "APP_ORIGIN": f"http://localhost:{ports.ui}",
        "API_SERVERS": f"server unix:{folder.socket('api')} fail_timeout=1s;",
        "SITES_DOMAIN": "localhost",
        "SITES_ROOT": os.fspath(folder.sites),
        "FRAME_DIRECTORY": os.fspath(folder.data("nginx")),
    }
