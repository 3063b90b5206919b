"""Who is frozen, what a hold was taken for, and what of its charge was given back."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns; nobody is frozen and nothing is given back yet."""
    for table in ("team", "member"):
        op.add_column(table, sa.Column("frozen", sa.BigInteger(), nullable=False, server_default="0"))
    for column in ("provider", "model"):
        op.add_column("hold", sa.Column(column, sa.Text(), nullable=False, server_default=""))
    _add_reversed_nanos()
    # By the request's own id: of millions of requests, none is looked for by its hold.
    asked = "SELECT r.{} FROM request r WHERE r.id = hold.request_id AND r.hold_id = hold.id"
    filled = ", ".join(f"{column} = coalesce(({asked.format(column)}), '')" for column in ("provider", "model"))
    op.execute(f"UPDATE hold SET {filled}")


def _add_reversed_nanos() -> None:
    """With its bounds in the same statement: SQLite has no way to add a CHECK to a table later."""
    whole = "typeof(reversed_nanos) = 'integer' AND " if op.get_bind().dialect.name == "sqlite" else ""
    op.execute(
        "ALTER TABLE hold ADD COLUMN reversed_nanos BIGINT NOT NULL DEFAULT 0 CONSTRAINT hold_reversed_nanos_range "
        f"CHECK ({whole}reversed_nanos BETWEEN 0 AND charged_nanos)"
    )
