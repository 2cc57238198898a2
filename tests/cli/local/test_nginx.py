"""nginx of the local run: its templates filled in for this machine."""

import re
from pathlib import Path

from cli.local.folder import open_run_folder
from cli.local.nginx import nginx_program
from cli.local.programs import Ports


def test_everything_is_filled_in_and_listens_to_this_machine_alone(tmp_path: Path) -> None:
    folder = open_run_folder(tmp_path / "run")
    program = nginx_program(folder, Ports(ui=8123, sites=8456))
    written = {path.name: path.read_text() for path in (folder.root / "nginx").glob("*.conf")}
    text = re.sub(r"^ *#.*", "", "".join(written.values()), flags=re.MULTILINE)
    assert re.findall(r"\$\{?[A-Z_]{3,}\}?", text) == []
    addresses = re.findall(r"^\s*listen ([^;]+);", text, re.MULTILINE)
    assert {address.split()[0] for address in addresses} == {"127.0.0.1:8123", "127.0.0.1:8456"}
    assert f"unix:{folder.socket('api')}" in text
    assert str(folder.sites) in text
    assert program.command[-1] == f"{folder.root}/nginx/nginx.conf"
    assert {path.stat().st_mode & 0o777 for path in (folder.root / "nginx").glob("*.conf")} == {0o600}


def test_its_own_variables_are_left_to_nginx(tmp_path: Path) -> None:
    folder = open_run_folder(tmp_path / "run")
    nginx_program(folder, Ports())
    assert "$uri" in "".join(path.read_text() for path in (folder.root / "nginx").glob("*.conf"))
