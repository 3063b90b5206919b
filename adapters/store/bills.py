"""What providers bill, and what the ledger says that they took."""

from collections import Counter as Tally
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import col

from adapters.store.charged import ENDED, MOVED, between, is_of_the_last_attempt
from adapters.store.database import Store
from adapters.store.tables import (
    REQUEST_IS_SETTLED,
    TRANSFER_IS_NO_SETTLEMENT,
    Bill,
    Entry,
    ReceiptLine,
    Request,
    Team,
    Transfer,
    Wallet,
)
from core.ledger.entries import OPERATOR, TransferKind, provider_of
from core.operations import RequestState


class StoreBills:
    """`core.ports.BillBooks` on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def bills(self) -> Mapping[tuple[str, str], int]:
        """Every bill that is recorded."""
        async with self._store.snapshot() as session:
            connection = await session.connection()
            rows = (await connection.execute(select(col(Bill.provider), col(Bill.month), col(Bill.total_nanos)))).all()
        return {(provider, month): nanos for provider, month, nanos in rows}

    async def booked(self, start: datetime, end: datetime) -> Mapping[str, int]:
        """What each provider took.

        Found as spending is (adapters/store/spending.py): answers by the lines of their receipts, and beside them what
        the operator paid for no answer.
        """
        booked = Tally[str]()
        async with self._store.snapshot() as session:
            connection = await session.connection()
            for provider, nanos in await connection.execute(_answers(start, end)):
                booked[provider] += int(nanos)  # PostgreSQL sums BIGINT to numeric
            for account, nanos in await connection.execute(_paid_alone(start, end)):
                booked[provider_of(account)] += int(nanos)
        return {provider: nanos for provider, nanos in booked.items() if provider and nanos}


def _answers(start: datetime, end: datetime) -> Select[Any]:
    cost: Any = func.sum(col(ReceiptLine.cost_nanos))
    lines = select(col(ReceiptLine.provider), cost).select_from(Request)
    lines = lines.join(ReceiptLine, col(ReceiptLine.request_id) == Request.id)
    answered = lines.where(col(Request.team_id).in_(select(col(Team.id))), REQUEST_IS_SETTLED)
    within = between(ENDED, start, end)
    return answered.where(within, is_of_the_last_attempt(ReceiptLine.id)).group_by(col(ReceiptLine.provider))


def _paid_alone(start: datetime, end: datetime) -> Select[Any]:
    took: Any = func.sum(col(Entry.amount_nanos))
    sides = select(col(Entry.account), took).select_from(Transfer)
    sides = sides.join(Entry, (col(Entry.transfer_id) == Transfer.id) & (col(Entry.account) != OPERATOR))
    asks = sides.join(Request, col(Request.id) == Transfer.request_id)
    alone = asks.where(col(Transfer.wallet_id).in_(select(col(Wallet.id))), col(Transfer.kind) == TransferKind.ABSORB)
    alone = alone.where(TRANSFER_IS_NO_SETTLEMENT, between(MOVED, start, end))
    answered = (col(Request.state) == RequestState.SETTLED) & is_of_the_last_attempt(Transfer.id)
    return alone.where(~answered).group_by(col(Entry.account))
