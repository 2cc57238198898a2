"""Which revision tables have, which ones this program knows, and the way up."""

from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from daemons.api.database.revisions import configuration, is_known, revision_of, upgrade


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


def test_a_revision_of_a_newer_release_is_not_known() -> None:
    first = [step.revision for step in ScriptDirectory.from_config(configuration()).walk_revisions()][-1]
    assert is_known(first)
    assert not is_known("9999")
