"""Who recorded a provider's bill, and what stood there before."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

_MOST_NANOS = 10**18
_APPEND_ONLY = "bill_act"


def upgrade() -> None:
    """Make the table; nobody has recorded a bill before this release."""
    bounds = (("corrects", 1), ("before_nanos", _MOST_NANOS), ("total_nanos", _MOST_NANOS))
    op.create_table(
        _APPEND_ONLY,
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("bill_id", sa.Text(), sa.ForeignKey("bill.id"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name, _ in bounds),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        *(
            sa.CheckConstraint(f"{_integer(name)}{name} BETWEEN 0 AND {most}", name=f"{_APPEND_ONLY}_{name}_range")
            for name, most in bounds
        ),
    )
    _keep_for_ever()


def _keep_for_ever() -> None:
    """As 0001 does for what is append-only: PostgreSQL has its function from there."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            f"CREATE TRIGGER {_APPEND_ONLY}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {_APPEND_ONLY} "
            "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        )
        return
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {_APPEND_ONLY}_no_{event.lower()} BEFORE {event} ON {_APPEND_ONLY} "
            f"BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY} is append-only'); END"
        )


def _integer(column: str) -> str:
    return f"typeof({column}) = 'integer' AND " if op.get_bind().dialect.name == "sqlite" else ""
