"""The Debian packages that the roll-out's roles install, read from their defaults."""

import yaml

from tests.machine.previous_release import previous_file
from tests.test_linters import ROOT


def role_packages() -> list[str]:
    """What the roles install from Debian, and what those of the previous release did."""
    roles = [file.read_text(encoding="utf-8") for file in (ROOT / "ansible/roles").glob("*/defaults/main.yml")]
    packages: set[str] = set()
    for text in (*roles, previous_file("ansible/roles/machine/defaults/main.yml")):
        for name, value in (yaml.safe_load(text) or {}).items():
            packages.update(value if name.endswith("_packages") else [])
    return sorted(packages)
