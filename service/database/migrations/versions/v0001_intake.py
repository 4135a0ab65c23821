"""The first tables: reports, the desks' keys, and the nonces given out to desks."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "report",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=True),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        # Sealed bytes do not shrink, so PostgreSQL need not try.
        op.execute("ALTER TABLE report ALTER COLUMN body SET STORAGE EXTERNAL")
    op.create_table(
        "desk_key",
        sa.Column("id", sa.LargeBinary(8), primary_key=True),
        sa.Column("file", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "desk_nonce",
        sa.Column("nonce", sa.LargeBinary(16), primary_key=True),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Remove them, with everything in them."""
    for name in ("desk_nonce", "desk_key", "report"):
        op.drop_table(name)
