"""AppArmor's own parser reads the profile for bubblewrap; `make test-kernel` puts sandboxes under it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.left_out import package_missing

PROFILE = Path(__file__).parents[1] / "daemons/worker/sandbox/bwrap.apparmor"
# Debian 12's parser is older than the restriction, and does not know the rule that lifts it.
_NEW_RULES = (("abi <abi/4.0>,", "abi <abi/3.0>,"), ("  userns,\n", ""))


@pytest.fixture(scope="module")
def parser() -> str:
    """apparmor_parser, which set-up installs where nothing may be skipped."""
    found = shutil.which("apparmor_parser", path="/usr/sbin:/sbin")
    if not found:
        pytest.skip(package_missing("apparmor"))
    return found


def profile_for(parser: str) -> str:
    """The profile, without what this parser is too old for."""
    said = subprocess.run([parser, "--version"], capture_output=True, text=True, check=True, timeout=60).stdout
    version = re.search(r"version (\d+)\.", said)
    assert version, said
    text = PROFILE.read_text(encoding="utf-8")
    for new, old in _NEW_RULES if int(version[1]) < 4 else ():
        assert new in text
        text = text.replace(new, old)
    return text


def test_parser_understands_every_line(parser: str) -> None:
    parse = [parser, "--skip-kernel-load", "--skip-cache"]
    done = subprocess.run(parse, input=profile_for(parser), capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def test_only_bubblewrap_itself_may_make_namespaces() -> None:
    """I7: what it starts has no capability but to stop being root, so the profile opens the restriction to nobody."""
    bubblewrap, started = PROFILE.read_text(encoding="utf-8").split("\nprofile ")[1:]
    assert bubblewrap.startswith("pagewright-bwrap /usr/bin/bwrap ")
    assert "\n  userns,\n" in bubblewrap
    assert "userns" not in started
    assert re.findall(r"^  capability (.*),$", started, re.MULTILINE) == ["setgid setuid"]
    assert not re.search(r"^  (re|u)?mount|pivot_root", started, re.MULTILINE)
