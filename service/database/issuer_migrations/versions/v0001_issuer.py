"""The issuer's tables: cards that nobody has used yet, and accounts without a name."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "card",
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "account",
        sa.Column("key", sa.LargeBinary(32), primary_key=True),
        sa.Column("quarter", sa.String(7), nullable=False),
        sa.Column("batch", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Remove them, with everything in them."""
    for name in ("account", "card"):
        op.drop_table(name)
