"""Requests know where their answer goes, and how often somebody took on to tell it; those not told yet are indexed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_UNTOLD = sa.text("delivered_at_ms = 0")
# By its length: to SQLite bytes are never equal to a text, and no bytes at all differ from ''.
_ANSWER_IS_KEPT = "EXISTS (SELECT 1 FROM kept WHERE kept.id = request.id AND length(kept.answer) > 0)"
_ITS_WORKSPACE = (
    "SELECT substr(min(w.id), length(request.platform) + 2) FROM workspace w "
    "WHERE w.team_id = request.team_id AND substr(w.id, 1, length(request.platform) + 1) = request.platform || ':'"
)


def upgrade() -> None:
    """Add both columns and the index; what was over before counts as told, unless its answer is still kept.

    Whoever is still to be told was asked in the workspace of their team: no team had two on one platform.
    """
    op.add_column("request", sa.Column("workspace", sa.Text(), nullable=False, server_default=""))
    op.add_column("request", sa.Column("delivery_tries", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE request SET delivered_at_ms = started_at_ms WHERE delivered_at_ms = 0 AND state <> 'running' "
        f"AND NOT {_ANSWER_IS_KEPT}"
    )
    op.execute(f"UPDATE request SET workspace = coalesce(({_ITS_WORKSPACE}), '') WHERE delivered_at_ms = 0")
    op.create_index("ix_request_untold", "request", ["lease_until_ms"], sqlite_where=_UNTOLD, postgresql_where=_UNTOLD)
