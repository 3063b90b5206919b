"""Only indexes that a query is answered by (docs/decisions/0008), and which operation a hold has its amount from."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_SERVE_NOTHING = (
    "ix_act_team_at",
    "ix_counter_wallet_id",
    "ix_entry_wallet_account",
    "ix_hold_open",
    "ix_hold_wallet_id",
    "ix_identity_member_id",
    "ix_kept_erase",
    "ix_request_key_request_id",
    "ix_request_team_started",
    "ix_team_wallet_id",
    "ix_transfer_wallet_id",
    "ix_workspace_team_id",
)
"""Some come again below, over other columns or fewer rows."""


def upgrade() -> None:
    """Every index costs every ask a write: those that no query needs go."""
    op.add_column("hold", sa.Column("reheld_by", sa.Text(), nullable=False, server_default=""))
    for index in _SERVE_NOTHING:
        op.drop_index(index)
    op.create_index("ix_counter_wallet_scope", "counter", ["wallet_id", "scope", "label"])
    _create_partial("ix_hold_open", "hold", ["wallet_id", "deadline_ms"], only="state = 'open'")
    _create_partial("ix_kept_erase", "kept", ["erase_after_ms"], only="erase_after_ms > 0")


def _create_partial(name: str, table: str, columns: list[str], *, only: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(only), postgresql_where=sa.text(only))
