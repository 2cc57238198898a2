"""Which revision tables have, which ones this program knows, and the way up."""

import subprocess
import sys
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from daemons.api.database.revisions import REVISIONS, configuration, is_known, revision_of, upgrade
from tests.test_linters import ROOT


def test_an_empty_database_goes_up_step_by_step(tmp_path: Path) -> None:
    steps = [step.revision for step in ScriptDirectory.from_config(configuration()).walk_revisions()][::-1]
    engine = create_engine(f"sqlite:///{tmp_path}/api.sqlite")
    with engine.connect() as connection:
        assert revision_of(connection) is None
        for step in steps:
            upgrade(connection, step)
            assert revision_of(connection) == step
        assert "users" in inspect(connection).get_table_names()
        upgrade(connection)
        assert revision_of(connection) == steps[-1], "who is up stays there"
    engine.dispose()


def test_a_step_is_named_by_its_revision() -> None:
    steps = ScriptDirectory.from_config(configuration()).walk_revisions()
    assert tuple(step.revision for step in steps)[::-1] == REVISIONS


def test_who_has_no_step_to_go_does_not_load_alembic(tmp_path: Path) -> None:
    """It is a third of a start."""
    engine = create_engine(f"sqlite:///{tmp_path}/api.sqlite")
    with engine.begin() as connection:
        upgrade(connection)
    engine.dispose()
    code = f"""
import asyncio, sys
from daemons.api.database.connection import open_database
async def look():
    async with open_database("sqlite:///{tmp_path}/api.sqlite"):
        print(sorted(name for name in sys.modules if name.startswith("alembic")))
asyncio.run(look())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_a_revision_of_a_newer_release_is_not_known() -> None:
    first = [step.revision for step in ScriptDirectory.from_config(configuration()).walk_revisions()][-1]
    assert is_known(first)
    assert not is_known("9999")
