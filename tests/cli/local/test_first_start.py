"""The first start gives a system its owner and a demo site; a later one leaves them as they are."""

import subprocess
import sys
from pathlib import Path

import pytest

from cli.local.first_start import prepare, sign_in_link
from cli.local.folder import RunFolder, open_run_folder
from cli.local.programs import Ports, Program
from cli.local.system import LocalSystem
from shared.domain.errors import PageWrightError, Unavailable
from tests.cli.local.small_system import small_system

# In the place of the operator's command: what it is asked for is noted, and a user is added once.
_OPERATOR = """
import sys
from pathlib import Path
noted = Path(sys.argv[1])
words = sys.argv[4:]
before = noted.read_text() if noted.exists() else ""
noted.write_text(before + f"{words[0]}\\n")
if words[0] == "add-user" and "add-user" in before:
    sys.exit("owner@localhost has an account already.")
print({"create-token": "token", "add-user": "token", "sign-in-link": "http://link"}[words[0]])
"""


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return open_run_folder(tmp_path / "run")


def system_of(folder: RunFolder, port: int) -> LocalSystem:
    command = (sys.executable, "-c", _OPERATOR, str(folder.root / "asked"), "-m", "daemons.api")
    supervisor = subprocess.Popen(["/usr/bin/true"])
    supervisor.wait()
    return LocalSystem(folder, Ports(ui=port), supervisor, Program("api", command))


def asked(folder: RunFolder) -> list[str]:
    noted = folder.root / "asked"
    return noted.read_text().splitlines() if noted.exists() else []


def test_the_first_start_makes_owner_token_and_site(folder: RunFolder) -> None:
    with small_system(has_site=False) as system:
        prepare(system_of(folder, system.port))
        assert asked(folder) == ["add-user"]
        assert folder.environment_file.stat().st_mode & 0o777 == 0o600
        kept = folder.environment_file.read_text()
        assert kept == f"export PAGEWRIGHT_URL=http://localhost:{system.port}\nexport PAGEWRIGHT_TOKEN=token\n"
        assert "POST /sites" in system.asked
        assert system.current == 1, "it is published"


def test_a_later_start_leaves_everything_as_it_is(folder: RunFolder) -> None:
    with small_system() as system:
        for _ in range(2):
            prepare(system_of(folder, system.port))
        before = asked(folder)
        prepare(system_of(folder, system.port))
        assert asked(folder) == before
        assert not [one for one in system.asked if one.startswith("POST")]


def test_an_owner_without_a_token_gets_one(folder: RunFolder) -> None:
    with small_system() as system:
        for _ in range(2):
            prepare(system_of(folder, system.port))
            folder.environment_file.unlink()
        assert asked(folder) == ["add-user", "add-user", "create-token"]


def test_a_token_for_another_address_is_made_anew(folder: RunFolder) -> None:
    folder.environment_file.write_text("export PAGEWRIGHT_URL=http://localhost:1\nexport PAGEWRIGHT_TOKEN=old\n")
    with small_system() as system:
        prepare(system_of(folder, system.port))
        assert f"localhost:{system.port}" in folder.environment_file.read_text()


def test_a_demo_site_that_can_not_be_made_is_told(folder: RunFolder) -> None:
    told = pytest.raises(PageWrightError, match="The demo site could not be made: failed")
    with small_system(has_site=False, ends_as="failed") as system, told:
        prepare(system_of(folder, system.port))


def test_a_link_is_what_the_operators_command_prints(folder: RunFolder) -> None:
    assert sign_in_link(system_of(folder, 1)) == "http://link"
    broken = Program("api", ("/usr/bin/false", "daemons.api"))
    system = system_of(folder, 1)
    with pytest.raises(Unavailable, match="failed at sign-in-link"):
        sign_in_link(LocalSystem(folder, system.ports, system.supervisor, broken))
