"""What Ansible's own tools say of the playbooks."""

import os

import pytest

from tests.test_linters import BIN, ROOT, run_linter

pytestmark = [pytest.mark.machine, pytest.mark.xdist_group("machine")]


def test_ansible_lint_finds_nothing() -> None:
    run_linter(["/usr/bin/env", f"--chdir={ROOT}/ansible", f"{BIN}/ansible-lint", "--offline", "--profile=production"])


def test_the_example_inventory_is_complete() -> None:
    inventory = ROOT / "ansible/inventories/one-machine"
    run_linter([f"{BIN}/ansible-playbook", "--syntax-check", "-i", os.fspath(inventory), "ansible/site.yml"])
