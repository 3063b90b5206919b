"""Wallets, counters, holds and the ledger."""

from sqlalchemy import Index, literal_column, text
from sqlmodel import Field, SQLModel, col

from adapters.store.tables.columns import index_of, whole
from core.ledger.entries import TransferKind
from core.ledger.holding import HoldState


class Wallet(SQLModel, table=True):
    """Running totals of one wallet."""

    id: str = Field(primary_key=True)
    available_nanos: int = whole()
    held_nanos: int = whole()
    full_nanos: int = whole()
    told_percent: int = whole()
    marked_by: str


class Counter(SQLModel, table=True):
    """Running totals of one counter."""

    __table_args__ = (Index("ix_counter_wallet_scope", "wallet_id", "scope", "label"),)
    id: str = Field(primary_key=True)
    wallet_id: str = Field(foreign_key="wallet.id")
    scope: str
    subject: str
    label: str
    used: int = whole()
    held: int = whole()
    granted: int = whole()
    limited_to: int = whole()


class Hold(SQLModel, table=True):
    """Money put aside."""

    __table_args__ = (
        index_of("ix_hold_absorbed", "wallet_id", "closed_at_ms", only="absorbed_nanos > 0 AND state = 'settled'"),
        index_of("ix_hold_open", "wallet_id", "deadline_ms", only="state = 'open'"),
    )
    id: str = Field(primary_key=True)
    wallet_id: str = Field(foreign_key="wallet.id")
    request_id: str = Field(index=True)
    attempt: int = whole()
    state: str
    amount_nanos: int = whole()
    counters: str
    provider: str
    model: str
    opened_at_ms: int = whole()
    deadline_ms: int = whole()
    charged_nanos: int = whole()
    absorbed_nanos: int = whole()
    reversed_nanos: int = whole()
    transfer_id: str
    closed_at_ms: int = whole()
    reheld_by: str
    beside: str


class Transfer(SQLModel, table=True):
    """Why a set of entries was made. Append-only."""

    __table_args__ = (
        index_of("ix_transfer_beside", "wallet_id", "kind", "at_ms", only="kind <> 'settle'"),
        index_of("ix_transfer_reverses", "reverses", only="reverses <> ''"),
    )
    id: str = Field(primary_key=True)
    wallet_id: str = Field(foreign_key="wallet.id")
    kind: str
    request_id: str
    reverses: str
    actor: str
    reason: str
    at_ms: int = whole()


class Entry(SQLModel, table=True):
    """One side of a transfer. Append-only."""

    id: str = Field(primary_key=True)
    transfer_id: str = Field(foreign_key="transfer.id", index=True)
    wallet_id: str = Field(foreign_key="wallet.id")
    account: str
    amount_nanos: int = whole()


class TopUp(SQLModel, table=True):
    """How much of one top-up was taken back."""

    __tablename__ = "top_up"
    __table_args__ = (Index("ix_top_up_wallet_at", "wallet_id", "at_ms"),)
    id: str = Field(primary_key=True)
    wallet_id: str = Field(foreign_key="wallet.id")
    amount_nanos: int = whole()
    refunded_nanos: int = whole()
    at_ms: int = whole()
    counter_id: str
    mark_before: str
    refill_counter_id: str


TRANSFER_IS_NO_SETTLEMENT = col(Transfer.kind) != literal_column(f"'{TransferKind.SETTLE}'")
HOLD_WAS_ABSORBED = text("hold.absorbed_nanos > 0 AND hold.state = 'settled'")
"""Partly: its charge was less than its cost."""
HOLD_IS_OPEN = col(Hold.state) == literal_column(f"'{HoldState.OPEN}'")
