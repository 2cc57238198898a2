"""A site may have another address than its name; each label of the sites' domain belongs to one site."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# A release before this one makes sites without a claim: the database makes it then, and refuses a label that another
# site has, as it refuses a name that is taken. The same for a new row, unless a dump is loaded that has a site which is
# gone for good, and for a name that is taken up again.
_CLAIM = """INSERT INTO addresses (label, site, at) SELECT NEW.name, NEW.name, NEW.created_at
    WHERE NEW.gone_at IS NULL AND NOT EXISTS (SELECT 1 FROM addresses WHERE label = NEW.name AND site = NEW.name)"""
_TAKEN_UP = "OLD.gone_at IS NOT NULL AND NEW.gone_at IS NULL"


def upgrade() -> None:
    """Add the table, which every name of a site is in, and the column, which is empty while the name is the address."""
    op.create_table(
        "addresses",
        sa.Column("label", sa.String(40), primary_key=True),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
    )
    where = sa.text("label <> site")
    op.create_index("addresses_by_site", "addresses", ["site"], sqlite_where=where, postgresql_where=where)
    op.add_column("sites", sa.Column("address", sa.String(40)))
    op.execute("INSERT INTO addresses (label, site, at) SELECT name, name, created_at FROM sites")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER claim_new_name AFTER INSERT ON sites BEGIN {_CLAIM}; END")
        op.execute(
            f"CREATE TRIGGER claim_old_name AFTER UPDATE OF gone_at ON sites WHEN {_TAKEN_UP} BEGIN {_CLAIM}; END"
        )
        return
    body = f"BEGIN {_CLAIM}; RETURN NULL; END"
    op.execute(f"CREATE OR REPLACE FUNCTION claim_name() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
    each = "FOR EACH ROW"
    op.execute(f"CREATE TRIGGER claim_new_name AFTER INSERT ON sites {each} EXECUTE FUNCTION claim_name()")
    op.execute(
        f"CREATE TRIGGER claim_old_name AFTER UPDATE OF gone_at ON sites {each} WHEN ({_TAKEN_UP}) "
        "EXECUTE FUNCTION claim_name()"
    )
