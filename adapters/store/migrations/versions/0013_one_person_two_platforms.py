"""Several accounts that are one person, teams that share a wallet, and the codes by which they come together."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_JOINED = sa.text("same_as <> ''")


def upgrade() -> None:
    """Add what says it. Of what was before, everybody is one account, and every team one of its own."""
    _add_text("member", "same_as")
    _add_text("member", "counts_with")
    _add_text("team", "part_of")
    _add_text("hold", "beside")
    op.create_index("ix_member_same_as", "member", ["same_as"], sqlite_where=_JOINED, postgresql_where=_JOINED)
    op.create_table(
        "link",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        _text("kind"),
        sa.Column("team_id", sa.Text(), sa.ForeignKey("team.id"), nullable=False),
        sa.Column("member_id", sa.Text(), sa.ForeignKey("member.id"), nullable=False),
        _text("place"),
        _text("state"),
        _whole("made_at_ms"),
        _whole("until_ms"),
        _text("typed_by"),
        _text("typed_team"),
        _text("typed_place"),
    )
    op.create_index("ix_link_member_id", "link", ["member_id"])
    op.create_table(
        "guess",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("team_id", sa.Text(), sa.ForeignKey("team.id"), nullable=False),
        _whole("since_ms"),
        _whole("wrong"),
    )


def _add_text(table: str, column: str) -> None:
    op.add_column(table, sa.Column(column, sa.Text(), nullable=False, server_default=""))


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)
