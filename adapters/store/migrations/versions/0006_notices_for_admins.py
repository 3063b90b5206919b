"""What the admins of a team are to know: notices with their delivery, and what they have been told of a subject."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_MOST_TRIES = 10**9
_UNTOLD = sa.text("delivered_at_ms = 0")


def upgrade() -> None:
    """Make both tables, empty: of what was before nobody is told."""
    op.create_table(
        "notice",
        _text("id", key=True),
        _text("team_id", to="team.id"),
        _text("kind"),
        _text("words"),
        _whole("at_ms"),
        _whole("lease_until_ms"),
        _whole("delivered_at_ms"),
        _whole("tries"),
        sa.CheckConstraint(_count("tries"), name="notice_tries_range"),
    )
    op.create_index("ix_notice_untold", "notice", ["lease_until_ms"], sqlite_where=_UNTOLD, postgresql_where=_UNTOLD)
    op.create_table(
        "told",
        _text("id", key=True),
        _text("team_id", to="team.id"),
        _text("subject"),
        _text("value"),
    )
    op.create_index("ix_told_team_id", "told", ["team_id"])


def _text(name: str, *, to: str = "", key: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), *([sa.ForeignKey(to)] if to else []), primary_key=key, nullable=False)


def _whole(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _count(column: str) -> str:
    whole = f"typeof({column}) = 'integer' AND " if op.get_bind().dialect.name == "sqlite" else ""
    return f"{whole}{column} BETWEEN 0 AND {_MOST_TRIES}"
