"""Runbooks are read as they are meant, and every one on the page is executed by a test."""

import re

import pytest

from tests.machine.controller import OPERATIONS
from tests.machine.runbooks import Step, fill_in, read_runbooks
from tests.test_linters import ROOT

PAGE = """# Operations
## Upgrade
Get it first.
```sh
# on the controller
git pull
cd ansible && ansible-playbook -i inventories/mine upgrade.yml
```
Then look.
```sh
# on an api host, as root
pagewright-operator sign-in-link admin@example.org
```
```text
just what it prints
```
### More workers
```sh
# on every worker host, as root
systemctl list-units 'pagewright-worker@*'
```
"""


def test_a_block_says_where_it_runs() -> None:
    assert read_runbooks(PAGE) == {
        "Upgrade": [
            Step("git pull\ncd ansible && ansible-playbook -i inventories/mine upgrade.yml", None),
            Step("pagewright-operator sign-in-link admin@example.org", "api"),
        ],
        "More workers": [Step("systemctl list-units 'pagewright-worker@*'", "workers", everywhere=True)],
    }
    assert read_runbooks("# Look\n```sh\n# on the host, as root\ndate\n```\n") == {"Look": [Step("date", "pagewright")]}


@pytest.mark.parametrize("first", ["git pull", "# on the moon", ""])
def test_a_block_that_does_not_is_refused(first: str) -> None:
    with pytest.raises(AssertionError, match="Upgrade"):
        read_runbooks(f"## Upgrade\n```sh\n{first}\n```\n")


def test_examples_are_filled_in_as_whole_words() -> None:
    examples = {
        "inventories/mine": "/i",
        "ansible/inventories/mine": "/i",
        "app.example.org": "app.test",
        "SITE": "bakery",
    }
    assert (
        fill_in("-i inventories/mine https://app.example.org/ SITE WEBSITE", examples)
        == "-i /i https://app.test/ bakery WEBSITE"
    )
    assert fill_in("cp x ansible/inventories/mine/hosts.yml", examples) == "cp x /i/hosts.yml"


def test_every_runbook_is_performed_by_a_test() -> None:
    files = [file for file in (ROOT / "tests/machine").glob("*.py") if file.name != "test_controller.py"]
    calls = re.findall(r"\.perform\(\s*\"([^\"]+)\"", "\n".join(file.read_text(encoding="utf-8") for file in files))
    assert set(read_runbooks(OPERATIONS.read_text(encoding="utf-8"))) == set(calls)
