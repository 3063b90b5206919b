"""By which top-up a wallet's levels are told, and what its undoing puts back."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add them. What was recorded before has no mark of its own: its undoing leaves the wallet as full as it is."""
    for table, column in (("wallet", "marked_by"), ("top_up", "mark_before")):
        op.add_column(table, sa.Column(column, sa.Text(), nullable=False, server_default=""))
