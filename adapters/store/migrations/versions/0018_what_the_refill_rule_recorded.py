"""Which month of the refill rule a top-up counts in."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add what says it. Of what was before, nothing came by a rule."""
    op.add_column("top_up", sa.Column("refill_counter_id", sa.Text(), nullable=False, server_default=""))
