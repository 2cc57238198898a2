"""A site's owner says which checks hold a change back, and how much a page may load."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, which is empty while a site goes by what is usual."""
    op.add_column("sites", sa.Column("check_rules", sa.Text))
