"""Requests know where their answer goes, and how often somebody took on to tell it; those not told yet are indexed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_UNTOLD = sa.text("delivered_at_ms = 0")


def upgrade() -> None:
    """Add both columns and the index; what was over before counts as told, unless its answer is still kept."""
    op.add_column("request", sa.Column("workspace", sa.Text(), nullable=False, server_default=""))
    op.add_column("request", sa.Column("delivery_tries", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE request SET delivered_at_ms = started_at_ms WHERE delivered_at_ms = 0 AND state <> 'running' "
        "AND NOT EXISTS (SELECT 1 FROM kept WHERE kept.id = request.id AND kept.answer <> '')"
    )
    op.create_index("ix_request_untold", "request", ["lease_until_ms"], sqlite_where=_UNTOLD, postgresql_where=_UNTOLD)
